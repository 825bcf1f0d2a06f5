/** What is left on the machine of sandboxes on gVisor: nothing, whatever happened. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { countHostResources, type HostResources } from "../host/count-resources.ts";
import {
  makePlaces,
  type Places,
  removePlaces,
  Sandboxes,
  standsStill,
  uniqueSleep,
  until,
} from "../sandboxes.fixture.ts";
import { describeOnGvisor } from "./installed.fixture.ts";
import { createGvisorProvider } from "./open.ts";

const nothing = { processes: 0, mounts: 0, controlGroups: 0, loopDevices: 0 };
/** But for loop devices: how many scratches are kept ready follows demand. */
function heldBySandboxes(workerId: string): Omit<HostResources, "loopDevices"> {
  const { loopDevices: _ofScratches, ...held } = countHostResources(workerId);
  return held;
}

const descriptors = (): number => readdirSync("/proc/self/fd").length;

describeOnGvisor("nothing is left on gVisor", () => {
  const opened: Places[] = [];
  const places = (): Places => {
    const made = makePlaces();
    opened.push(made);
    return made;
  };
  afterEach(() => {
    for (const made of opened.splice(0)) removePlaces(made);
  });

  it("of sandboxes that were destroyed, crashed or failed to start", async () => {
    const own = places();
    const provider = await createGvisorProvider(own);
    const sandboxes = new Sandboxes(provider);
    const scratch = await sandboxes.scratch();
    await sandboxes.shell("exit 1", { scratch });
    // From here on there are the binds of Node and runsc, which all sandboxes share.
    const idle = heldBySandboxes(own.workerId);
    // Each scratch that is kept ready is one, and how many are follows demand.
    expect(await standsStill(descriptors)).toBe(true);
    const before = descriptors();
    for (let round = 0; round < 3; round += 1) {
      const transport = round % 2 === 0 ? "channel" : "listener";
      const running = await sandboxes.start(["/bin/sleep", uniqueSleep()], { scratch, transport });
      await sandboxes.shell("(setsid sleep 1000 &); kill -9 $$", { scratch, transport });
      const absent = { task: "/no/such/code" };
      await expect(sandboxes.shell("true", { scratch, code: absent })).rejects.toThrow(
        "/no/such/code",
      );
      await running.destroy();
    }
    expect(heldBySandboxes(own.workerId)).toEqual(idle);
    await until(() => descriptors() === before);
    await provider.close();
    expect(countHostResources(own.workerId)).toEqual(nothing);
    expect(readdirSync(join(own.dataDirectory, "scratch"))).toEqual([]);
  });

  it("of a worker that was killed, once the next worker starts", async () => {
    const own = places();
    const fixture = join(import.meta.dirname, "../worker.fixture.ts");
    const worker = fork(fixture, [JSON.stringify(own), "gvisor"]);
    await once(worker, "message");
    expect(countHostResources(own.workerId).processes).toBeGreaterThan(0);
    worker.kill("SIGKILL");
    await once(worker, "exit");
    await until(() => countHostResources(own.workerId).processes === 0);
    // The kernel's own doing, as the last process ends.
    await until(() => countHostResources(own.workerId).loopDevices === 0);
    const provider = await createGvisorProvider({ ...own, workerId: `${own.workerId}-next` });
    expect(countHostResources(own.workerId)).toEqual(nothing);
    await provider.close();
  });
});
