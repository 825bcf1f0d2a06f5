/** As many networks at once as one machine may have functions running. Root is needed. */
import { execFile } from "node:child_process";
import { mkdtempSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attempts } from "./attempts.fixture.ts";
import { openNetworks } from "./open.ts";
import type { SandboxNetwork, SandboxNetworks } from "./port.ts";
import { NAME_SERVER, OUTSIDE, OWN_ADDRESS, PORT, TestMachine } from "./test-machine.fixture.ts";

const COUNT = 1000;
const run = promisify(execFile);

let machine: TestMachine;
let networks: SandboxNetworks;
let lockDirectory: string;
beforeAll(async () => {
  machine = TestMachine.enter();
  lockDirectory = mkdtempSync(join(tmpdir(), "paddock-networks-"));
  networks = await openNetworks({
    network: {
      kind: "egress",
      uplink: "veth",
      addressRange: "169.254.192.0/18",
      allowLists: [],
      nameServers: [NAME_SERVER],
      ours: [],
      lambdaApi: undefined,
    },
    isRoot: true,
    lockDirectory,
    takeIdentity: () => undefined,
  });
});
afterAll(async () => {
  await networks.close();
  machine.close();
  rmSync(lockDirectory, { recursive: true });
});

async function reachesOutside(network: SandboxNetwork): Promise<string> {
  const [program = "", ...rest] = attempts("shell", [{ host: OUTSIDE, port: PORT }]);
  const ran = network.spawnInside(() => run(program, rest));
  return (await ran).stdout.trim();
}

describe("a thousand networks", () => {
  it("are there at once, each its own, and the first and the last lead out", async () => {
    const taken = await Promise.all(Array.from({ length: COUNT }, () => networks.take()));
    try {
      expect(new Set(taken.map(({ path }) => readlinkSync(path))).size).toBe(COUNT);
      for (const network of [taken[0], taken.at(-1)]) {
        if (network === undefined) throw new Error("none was taken");
        expect(await reachesOutside(network)).toBe(`from ${OWN_ADDRESS}`);
      }
    } finally {
      for (const network of taken) network.release();
    }
  }, 120_000);

  it("are followed by others, which are never one of those that were used", async () => {
    const network = await networks.take();
    expect(await reachesOutside(network)).toBe(`from ${OWN_ADDRESS}`);
    network.release();
    expect(() => readlinkSync(network.path)).toThrow("ENOENT");
  });

  it("let nobody in them pretend to have the address of another, whatever rights it had", async () => {
    const [network, other] = await Promise.all([networks.take(), networks.take()]);
    machine.reached.length = 0;
    const script =
      "ip address add 169.254.193.7/32 dev eth0; exec /usr/bin/python3 -c 'import socket\n" +
      "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n" +
      `for own in ["169.254.193.7", ""]: s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind((own, 0)); s.sendto(b"echo", ("${OUTSIDE}", ${PORT}))\n` +
      "s.settimeout(3); print(s.recv(9))'";
    const ran = network.spawnInside(() => run("/bin/sh", ["-c", script]));
    expect((await ran).stdout).toBe("b'echo'\n");
    expect(machine.reached).toEqual([`${OUTSIDE}:${PORT}/udp`]);
    for (const each of [network, other]) each.release();
  });
});
