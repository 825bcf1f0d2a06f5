/** /tmp of bubblewrap's sandboxes, in both of the things that it may be kept in. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { countHostResources } from "../host/count-resources.ts";
import { makePlaces, removePlaces, until } from "../sandboxes.fixture.ts";
import { describeStorage } from "../storage/conformance.fixture.ts";
import { createBubblewrapProvider } from "./open.ts";

describeStorage({
  name: "bubblewrap, on disk",
  open: (places) => createBubblewrapProvider({ ...places, scratchStorage: "disk" }),
});

describeStorage({
  name: "bubblewrap, in memory",
  open: (places) => createBubblewrapProvider({ ...places, scratchStorage: "memory" }),
  inMemory: ": there /tmp is memory of the function",
});

/** As a container has it: with the devices of its start, so that those made later are missing. */
const ownDevices = `
  mount -t tmpfs -o mode=755 none /dev
  make() { mknod -m 666 "/dev/$1" c "$2" "$3"; }
  make null 1 3; make zero 1 5; make full 1 7; make random 1 8; make urandom 1 9; make tty 5 0
  [ -z "$CONTROL" ] || make loop-control 10 237
  mkdir /dev/shm
  exec "$0" "$@"`;

/** What the worker says of itself, or of why it does not start. */
async function startWithOwnDevices(control: "" | "1", scratchStorage: string): Promise<string> {
  const places = makePlaces();
  const fixture = join(import.meta.dirname, "../worker.fixture.ts");
  const node = [process.execPath, fixture, JSON.stringify({ ...places, scratchStorage })];
  const worker = spawn(
    "/usr/bin/unshare",
    ["--mount", "--", "/bin/sh", "-ec", ownDevices, ...node],
    {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { ...process.env, CONTROL: control },
    },
  );
  let said = "";
  worker.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  worker.on("message", ({ features }: { features: string[] }) => {
    said = features.join("\n");
    worker.send("close");
  });
  await once(worker, "close");
  await until(() => countHostResources(places.workerId).loopDevices === 0);
  removePlaces(places);
  return said;
}

describe("a /dev without the loop devices", () => {
  it("gets those that are needed, where there is loop-control", async () => {
    expect(await startWithOwnDevices("1", "disk")).toContain("/tmp on disk");
  });

  it("and without loop-control has /tmp in memory, says so, and what helps", async () => {
    const said = await startWithOwnDevices("", "auto");
    expect(said).toMatch(
      /\/tmp in memory: .* charged to the function .*--device \/dev\/loop-control/,
    );
  });

  it("is refused where /tmp was asked to be on disk", async () => {
    const said = await startWithOwnDevices("", "disk");
    expect(said).toContain("/tmp on disk is not possible here: there are no loop devices");
  });
});
