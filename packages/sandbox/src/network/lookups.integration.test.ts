/** Names, as functions ask for them and as the machine's name servers answer. Root is needed. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SERVICE_ADDRESS } from "./address-plan.ts";
import { NAME_SERVER, OUTSIDE, OWN_ADDRESS, PORT, TestMachine } from "./test-machine.fixture.ts";
import { ways, WorkerProcess } from "./worker-process.fixture.ts";

let machine: TestMachine;
let worker: WorkerProcess | undefined;
beforeAll(() => {
  machine = TestMachine.enter();
});
afterEach(async () => {
  await worker?.close();
  worker = undefined;
});
afterAll(() => machine.close());

const lookUp = [
  "/usr/bin/python3",
  "-c",
  "import socket\ntry: print(socket.gethostbyname('a.example'))\nexcept OSError as e: print(e)",
];

describe("lookups of functions", () => {
  it("go to the next name server where one does not answer", async () => {
    worker = await WorkerProcess.start({ asRoot: true, nameServers: [OUTSIDE, NAME_SERVER] });
    expect((await worker.run(lookUp)).stdout).toBe(`${OUTSIDE}\n`);
  });

  it("fail at once where there is no name server", async () => {
    worker = await WorkerProcess.start({ asRoot: true, nameServers: [OUTSIDE] });
    const { stdout } = await worker.run(lookUp);
    expect(stdout).toContain("Temporary failure in name resolution");
  });

  it("go by TCP too, which nothing else at the service address is open for", async () => {
    worker = await WorkerProcess.start({ asRoot: true });
    const targets = [53, 22, PORT, 9001].map((port) => ({ host: SERVICE_ADDRESS, port }));
    const refused = ["ECONNREFUSED", "ECONNREFUSED", "ECONNREFUSED"];
    expect(await worker.attempt("node", targets)).toEqual([`from ${OWN_ADDRESS}`, ...refused]);
  });

  it("do not fail for others because one function asks without end", async () => {
    worker = await WorkerProcess.start({ asRoot: true });
    const flood =
      "import socket\nfirst = True\nwhile True:\n" +
      "  s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n" +
      `  for i in range(1000): s.sendto(bytes(40), ('${SERVICE_ADDRESS}', 53))\n` +
      "  if first: print('asked', flush=True)\n  first = False\n";
    await worker.run(["/usr/bin/python3", "-c", flood], { stays: "asked" });
    for (let round = 0; round < 3; round += 1) {
      expect((await worker.run(lookUp)).stdout).toBe(`${OUTSIDE}\n`);
    }
  });
});

/** The worker looks at the machine's addresses from time to time. */
async function eventuallyRefused(running: WorkerProcess, host: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const [said] = await running.attempt("node", [{ host, port: PORT }]);
    if (said === "ECONNREFUSED") return;
    await sleep(100);
  }
  throw new Error(`${host} can still be reached`);
}

describe.each(ways)("an address that the machine gets later, by $way", ({ asRoot }) => {
  it("is not for functions either", async () => {
    const running = await WorkerProcess.start({ asRoot });
    worker = running;
    const host = asRoot ? "203.0.113.77" : "203.0.113.78";
    machine.addOwnAddress(host);
    expect(await machine.ask(host, PORT)).toMatch(/^from /);
    await expect(eventuallyRefused(running, host)).resolves.toBeUndefined();
  });
});
