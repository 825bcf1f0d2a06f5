import { type ChildProcess, spawn } from "node:child_process";
/**
 * Scenario: a function looks for other processes, steers them, and asks what they know. Around it
 * are those of the host, of Paddock, and of another function that sleeps under a name of its own.
 */
import { readFile } from "node:fs/promises";
import { descendantsOf } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeEscapes, type Escape, prisonerIn } from "./support/escapes.ts";
import { workerProcess } from "./support/holdings.ts";
import { languages } from "./support/languages.ts";
import {
  access,
  admit,
  attempt,
  ownSecrets,
  secret,
  supervisorPid,
  tell,
} from "./support/prison.ts";

const victim = "processes-victim";
const secrets = { host: secret("host"), victim: secret("victim") };
const SIGKILL = 9;
const TRY_ONLY = 0;
let onHost: ChildProcess;
let workerPid = 0;

beforeAll(async () => {
  workerPid = (await workerProcess()).pid;
  onHost = spawn("/bin/sleep", ["1000"], { env: { SECRET: secrets.host }, stdio: "ignore" });
  await admit(victim, "node", { Environment: { Variables: { SECRET: secrets.victim } } });
  await tell(victim, "getenv", "SECRET");
});

afterAll(() => onHost.kill("SIGKILL"));

const strangers: Readonly<Record<string, () => number>> = {
  "this test": () => process.pid,
  "a process of the host": () => onHost.pid ?? 0,
  "the supervisor": () => supervisorPid,
  "the worker": () => workerPid,
};

const rows: readonly Escape[] = Object.entries(strangers).flatMap(([who, pid]) => [
  {
    what: `sends a signal to ${who}`,
    attempt: () => ["kill", String(pid()), String(TRY_ONLY)],
    refusal: ["ESRCH"],
  },
  {
    what: `kills ${who}`,
    attempt: () => ["kill", String(pid()), String(SIGKILL)],
    refusal: ["ESRCH"],
  },
  ...["environ", "cmdline", "maps", "mem", "root", "cwd", "fd", "ns/net"].map((file) => ({
    what: `reads ${file} of ${who}`,
    attempt: () => ["read", `/proc/${pid()}/${file}`],
    refusal: ["ENOENT"],
  })),
]);

describeEscapes("processes of others", rows);

describe.each(languages)("a function (%s)", (language) => {
  const name = prisonerIn(language);

  it("sees its own processes only, and in them nothing of the host", async () => {
    const pids = (await tell(name, "list", "/proc"))
      .split("\n")
      .filter((each) => /^\d+$/.test(each));
    expect(pids).toContain("1");
    expect(pids.length).toBeLessThan(10);
    const files = ["environ", "cmdline", "maps", "cgroup", "mounts", "status"];
    const outcomes = await attempt(
      name,
      pids.flatMap((pid) => files.map((file) => ["read", `/proc/${pid}/${file}`])),
    );
    const text = JSON.stringify(outcomes);
    expect(text).toContain("NoNewPrivs");
    for (const word of [...Object.values(secrets), ...ownSecrets()]) {
      expect(text).not.toContain(word);
    }
    expect(text).not.toMatch(/nats-server|redis-server|postgres|PADDOCK_|services\/worker/);
    expect(text).not.toContain(access.dataDirectory);
  });

  // Process 1 is bubblewrap's, and of the same user: whoever takes it over has won nothing.
  it.each(["self", "1"])("has no privilege and can get none (process %s)", async (pid) => {
    const status = await tell(name, "read", `/proc/${pid}/status`);
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) {
      expect(status).toMatch(new RegExp(`^${set}:\t0+$`, "m"));
    }
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(status).toMatch(/^Seccomp:\t2$/m);
    expect(status).toMatch(/^Uid:\t993\t993\t993\t993$/m);
    expect(status).toMatch(/^Gid:\t993\t993\t993\t993$/m);
    expect(status).toMatch(/^Groups:\t[^0]*$/m);
  });

  it("has its own namespaces of every kind", async () => {
    const kinds = ["user", "mnt", "pid", "ipc", "uts", "net", "cgroup"];
    const links = await attempt(
      name,
      kinds.map((kind) => ["link", `/proc/self/ns/${kind}`]),
    );
    const others = await attempt(
      victim,
      kinds.map((kind) => ["link", `/proc/self/ns/${kind}`]),
    );
    for (const [index, { value = "" }] of links.entries()) {
      expect(value).toMatch(new RegExp(`^${kinds[index]}:\\[\\d+\\]$`));
      expect(value).not.toBe(others[index]?.value);
    }
  });

  it("has no variable of Paddock's, and no secret in any", async () => {
    const text = await tell(name, "environment");
    expect(text).toContain(`AWS_LAMBDA_FUNCTION_NAME=${name}`);
    expect(text).not.toMatch(/^(PADDOCK|NATS|REDIS|PG)/m);
    for (const each of [...Object.values(secrets), ...ownSecrets()]) {
      expect(text).not.toContain(each);
    }
    expect(text).not.toContain(access.dataDirectory);
  });
});

it("functions are not root on the host either, and no two of them are the same user", async () => {
  const users = new Map<string, string>();
  for (const pid of await descendantsOf(supervisorPid)) {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    if (!/^Seccomp:\t2$/m.test(status)) continue;
    const [group = ""] = (await readFile(`/proc/${pid}/cgroup`, "utf8")).match(/paddock\/.*/) ?? [];
    users.set(group, /^Uid:\t(\d+)\t/m.exec(status)?.[1] ?? "");
  }
  expect(users.size).toBeGreaterThan(2);
  for (const uid of users.values()) expect(Number(uid)).toBeGreaterThan(65_536);
  expect(new Set(users.values()).size).toBe(users.size);
});
