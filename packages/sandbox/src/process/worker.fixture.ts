import { processesWith, uniqueSleep, until } from "../sandboxes.fixture.ts";
/** A worker process reduced to two sandboxes, of which one is frozen: `node worker.fixture.ts <places as JSON>`. */
import { createProcessProvider } from "./provider.ts";

const provider = await createProcessProvider(JSON.parse(process.argv[2] ?? "{}"));
const word = uniqueSleep();
const scratch = await provider.createScratch({ sizeMb: 512 });
const start = (sandboxId: string) =>
  provider.create({
    sandboxId,
    command: ["/bin/sh", "-c", `sleep ${word} & read -r _ <&3; kill $!`],
    environment: { PATH: "/usr/bin:/bin" },
    binds: [],
    scratch,
    limits: { memoryMb: 256, cpus: 1, processes: 20, openFiles: 100 },
    transport: "channel",
  });
const [thawed, frozen] = [await start("thawed"), await start("frozen")];
await until(() => processesWith(word) === 2);
thawed.freeze();
frozen.freeze();
thawed.thaw();
process.on("message", () => undefined);
process.send?.({ word });
