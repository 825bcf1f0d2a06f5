/** Which way out a worker takes, and what it says when it cannot have one. Root is needed. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Nftables } from "../../kernel/nftables.ts";
import { openNetworks } from "../open.ts";
import { OUTSIDE, OWN_ADDRESS, PORT, TestMachine } from "../test-machine.fixture.ts";
import { egressDefaults, WorkerProcess } from "../worker-process.fixture.ts";

let machine: TestMachine;
let nftables: Nftables;
/** Programs of the machine, without pasta. */
let path: string;

beforeAll(() => {
  machine = TestMachine.enter();
  nftables = Nftables.open();
  path = mkdtempSync(join(tmpdir(), "paddock-path-"));
  // Sandboxes' users look here, too.
  chmodSync(path, 0o755);
  for (const program of readdirSync("/usr/bin").filter((name) => !/^pas(st|ta)/.test(name))) {
    symlinkSync(`/usr/bin/${program}`, join(path, program));
  }
});
afterEach(() => nftables.run("clean up", "flush ruleset"));
afterAll(() => {
  nftables.close();
  machine.close();
  rmSync(path, { recursive: true });
});

/** As Docker leaves it. */
function dropForwarded(): void {
  const hook = "{ type filter hook forward priority filter; policy drop; }";
  nftables.run("make a firewall", `add table ip filter\nadd chain ip filter FORWARD ${hook}`);
}

const toOutside = [{ host: OUTSIDE, port: PORT }];

describe("the way out", () => {
  it("is refused where the machine's firewall drops what is forwarded and there is no pasta", async () => {
    dropForwarded();
    const text = await WorkerProcess.start({ asRoot: true, path }).catch(String);
    expect(text).toContain("functions cannot reach the outside here");
    expect(text).toContain("chain FORWARD of table ip filter");
    expect(text).toContain("nft insert rule ip filter FORWARD iifname");
    expect(text).toContain("apt-get install passt");
    expect(text).toContain("--sandbox-network=closed");
  });

  it("works with the rule that is named there", async () => {
    dropForwarded();
    for (const name of ["iifname", "oifname"]) {
      nftables.run("let it pass", `insert rule ip filter FORWARD ${name} "paddock*" accept`);
    }
    const worker = await WorkerProcess.start({ asRoot: true, path, uplink: "veth" });
    expect(await worker.attempt("node", toOutside)).toEqual([`from ${OWN_ADDRESS}`]);
    await worker.close();
  });

  it("without root is refused where pasta is missing, or a pair of devices is asked for", async () => {
    const missing = await WorkerProcess.start({ asRoot: false, path }).catch(String);
    expect(missing).toContain("the program pasta (passt) is missing (apt-get install passt");
    const devices = await WorkerProcess.start({ asRoot: false, uplink: "veth" }).catch(String);
    expect(devices).toContain("a pair of devices needs the machine's root (--sandbox-uplink=pasta");
  });

  it("that the machine does not allow leaves nothing of what was made until then", async () => {
    const refused = openNetworks({
      network: { ...egressDefaults, uplink: "veth" },
      isRoot: true,
      lockDirectory: "/no/such/directory",
      takeIdentity: () => undefined,
    });
    await expect(refused).rejects.toThrow(/no such file.*--sandbox-network=closed/);
    expect(readFileSync("/proc/net/dev", "utf8")).not.toContain("paddock");
    expect(nftables.list("ruleset")).toBe("");
  });
});
