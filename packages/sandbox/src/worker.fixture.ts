import { createBubblewrapProvider } from "./bubblewrap/open.ts";
import { createGvisorProvider } from "./gvisor/open.ts";
import { enterHostNamespace } from "./host/namespace.ts";
/** A worker process reduced to its sandboxes: `node worker.fixture.ts <places as JSON> [gvisor]`. */
import { uniqueSleep, until } from "./sandboxes.fixture.ts";

enterHostNamespace();

const places = JSON.parse(process.argv[2] ?? "{}");
const create = process.argv[3] === "gvisor" ? createGvisorProvider : createBubblewrapProvider;
const provider = await create(places);
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
