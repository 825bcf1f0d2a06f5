import { enterHostNamespace } from "../host/namespace.ts";
/** A worker process reduced to its sandboxes: `node worker.fixture.ts <places as JSON>`. */
import { uniqueSleep, until } from "../sandboxes.fixture.ts";
import { createBubblewrapProvider } from "./open.ts";

enterHostNamespace();

const places = JSON.parse(process.argv[2] ?? "{}");
const provider = await createBubblewrapProvider(places);
const word = uniqueSleep();
const sandbox = await provider.create({
  sandboxId: "only",
  command: ["/bin/sh", "-c", `sleep ${word} & (setsid sleep ${word} &) ; wait`],
  environment: {},
  binds: [],
  scratch: await provider.createScratch({ sizeMb: 512 }),
  limits: { memoryMb: 256, cpus: 1, processes: 20, openFiles: 100 },
  transport: "listener",
});
process.on("message", (asked) => {
  if (asked === "close") void provider.close().then(() => process.exit(0));
  if (asked !== "freeze") return;
  sandbox.freeze();
  process.send?.("frozen");
});
await until(() => sandbox.listener?.listening === true);
process.send?.({ word, features: provider.features });
