/** A user with no rights at all but those that a user namespace gives. Root is needed, to become one. */
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Nftables } from "../kernel/nftables.ts";
import {
  METADATA,
  OUTSIDE,
  OWN_ADDRESS,
  PORT,
  PRIVATE_HOST,
  TestMachine,
} from "./test-machine.fixture.ts";

const run = promisify(execFile);
const USER = "54321";
const TUN_DEVICE = ["c", "10", "200"];

let machine: TestMachine;
let directory: string;
beforeAll(() => {
  machine = TestMachine.enter();
  directory = mkdtempSync(join(tmpdir(), "paddock-tun-"));
  chmodSync(directory, 0o755);
});
afterAll(() => {
  machine.close();
  rmSync(directory, { recursive: true });
});

function asOrdinaryUser(host: string, tunMode: string): Promise<string> {
  const become = ["setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"];
  const enter = ["unshare", "--user", "--map-root-user", "--mount"];
  return withTun(tunMode, [...become, ...enter, ...networks(host)]);
}

function networks(host: string): string[] {
  const fixture = join(import.meta.dirname, "networks.fixture.ts");
  return [process.execPath, fixture, JSON.stringify({ host, port: PORT })];
}

/** With a /dev/net/tun of this mode, whatever the machine's own is. */
async function withTun(tunMode: string, command: readonly string[]): Promise<string> {
  const device = join(directory, `tun-${tunMode}`);
  await run("mknod", ["-m", tunMode, device, ...TUN_DEVICE]);
  const script = `mount --bind "$0" /dev/net/tun && rm "$0" && exec "$@"`;
  const parameters = ["--mount", "sh", "-c", script, device, ...command];
  return (await run("unshare", parameters, { cwd: "/" })).stdout.trim();
}

describe("an ordinary user", () => {
  it.each([
    [OUTSIDE, `from ${OWN_ADDRESS}`],
    [PRIVATE_HOST, "ECONNREFUSED"],
    [METADATA, "ECONNREFUSED"],
    [OWN_ADDRESS, "ECONNREFUSED"],
  ])("leads functions out with pasta: to %s it is %s", async (host, said) => {
    expect(await asOrdinaryUser(host, "666")).toBe(`network: egress by pasta: ${said}`);
  });

  it("is told what to do about a /dev/net/tun that it may not open", async () => {
    const refused = asOrdinaryUser(OUTSIDE, "600");
    await expect(refused).rejects.toThrow("this user cannot open /dev/net/tun");
    await expect(asOrdinaryUser(OUTSIDE, "600")).rejects.toThrow("chmod 666 /dev/net/tun");
  });
});

describe("root on a machine whose firewall drops what is forwarded", () => {
  it("leads functions out with pasta, which then is a user without rights", async () => {
    const nftables = Nftables.open();
    const hook = "{ type filter hook forward priority filter; policy drop; }";
    nftables.run("drop", `add table ip filter\nadd chain ip filter FORWARD ${hook}`);
    const said = await withTun("666", [...networks(OUTSIDE), USER]);
    expect(said).toBe(`network: egress by pasta: from ${OWN_ADDRESS}`);
    nftables.run("clean up", "flush ruleset");
    nftables.close();
  });
});
