/** What a worker leaves of its network on the machine: nothing, whatever happened. Root is needed. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Nftables } from "../kernel/nftables.ts";
import { until } from "../sandboxes.fixture.ts";
import { OUTSIDE, OWN_ADDRESS, PORT, TestMachine } from "./test-machine.fixture.ts";
import { ways, WorkerProcess } from "./worker-process.fixture.ts";

let machine: TestMachine;
let nftables: Nftables;
beforeAll(() => {
  machine = TestMachine.enter();
  nftables = Nftables.open();
});
afterAll(() => {
  nftables.close();
  machine.close();
});

const workers: WorkerProcess[] = [];
// Also where a test failed.
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.kill();
});

async function startWorker(asRoot: boolean): Promise<WorkerProcess> {
  const worker = await WorkerProcess.start({ asRoot });
  workers.push(worker);
  return worker;
}

const toOutside = [{ host: OUTSIDE, port: PORT }];
const fromMachine = [`from ${OWN_ADDRESS}`];
const nothing = { devices: new Set(["lan0", "lo"]), rules: "", forwarding: "0", pasta: 0 };
const withUplink = new Set(["lan0", "lo", "paddock0"]);
const guardOnly = {
  ...nothing,
  rules: expect.stringMatching(/^table inet paddock_forwarding/),
  forwarding: "1",
};

function onMachine() {
  const devices = readFileSync("/proc/net/dev", "utf8").matchAll(/^ *([^ :|]+):/gm);
  return {
    devices: new Set([...devices].map(([, name]) => name)),
    rules: nftables.list("ruleset")?.trim(),
    forwarding: readFileSync("/proc/sys/net/ipv4/conf/lan0/forwarding", "utf8").trim(),
    pasta: pastasOfMachine(),
  };
}

/** Other tests have their own. */
function pastasOfMachine(): number {
  const network = readlinkSync("/proc/self/ns/net");
  return readdirSync("/proc").filter((pid) => {
    try {
      const isPasta = /^pas(ta|st)/.test(readFileSync(`/proc/${pid}/comm`, "utf8"));
      return isPasta && readlinkSync(`/proc/${pid}/ns/net`) === network;
    } catch {
      return false;
    }
  }).length;
}

/** The kernel takes back what a process held in its own time. */
async function left(): Promise<ReturnType<typeof onMachine>> {
  await until(() => onMachine().devices.size === 2 && onMachine().pasta === 0);
  return onMachine();
}

describe.each(ways)("a worker whose functions are led out by $way", ({ asRoot }) => {
  it("leaves nothing when it is closed, with sandboxes that still talk to the outside", async () => {
    const worker = await startWorker(asRoot);
    const talking = `require("net").connect(${PORT}, "${OUTSIDE}").on("data", () => console.log("talking")); setInterval(() => {}, 1000);`;
    await worker.run(["/var/lang/bin/node", "-e", talking], { stays: "talking" });
    expect(onMachine()).toMatchObject(asRoot ? { devices: withUplink } : { pasta: 1 });
    await worker.close();
    expect(await left()).toEqual(nothing);
  });

  it("leaves nothing when it is killed that the next worker does not take away", async () => {
    const killed = await startWorker(asRoot);
    await killed.run(["/bin/sh", "-c", "echo up; exec sleep 1000"], { stays: "up" });
    await killed.kill();
    expect(await left()).toEqual(asRoot ? guardOnly : nothing);
    const next = await startWorker(asRoot);
    expect(await next.attempt("node", toOutside)).toEqual(fromMachine);
    await next.close();
    expect(await left()).toEqual(nothing);
  });
});

describe("workers beside each other", () => {
  it("do not take away what another one still needs", async () => {
    const first = await startWorker(true);
    const second = await startWorker(true);
    await first.close();
    expect(await second.attempt("node", toOutside)).toEqual(fromMachine);
    // The first worker's place at the machine is free again.
    const third = await startWorker(true);
    await second.close();
    expect(await third.attempt("node", toOutside)).toEqual(fromMachine);
    await third.close();
    expect(await left()).toEqual(nothing);
  });

  it("leave forwarding on where somebody else has come to need it", async () => {
    const worker = await startWorker(true);
    machine.setSwitch("ipv4/ip_forward", "1");
    await worker.close();
    expect(await left()).toEqual({ ...nothing, forwarding: "1" });
    machine.setSwitch("ipv4/ip_forward", "0");
  });
});
