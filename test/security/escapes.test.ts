/**
 * Scenario: functions that try to get out of their sandbox, deployed and invoked through the real
 * API. Another function, warm beside them, has secrets in its code, its variables and its /tmp; the
 * host has listeners and files that only the test knows.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { descendantsOf, startPaddock, type TestPaddock } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Attempt, openPrison, type Outcome, type Prison } from "./support/prisoner.ts";

const secret = (what: string): string => `secret-${what}-${randomBytes(8).toString("hex")}`;
const secrets = { code: secret("code"), scratch: secret("scratch"), host: secret("host") };

let paddock: TestPaddock;
let prison: Prison;
let hostDirectory: string;

beforeAll(async () => {
  paddock = await startPaddock();
  prison = await openPrison(paddock);
  hostDirectory = mkdtempSync(join(tmpdir(), "paddock-host-"));
  chmodSync(hostDirectory, 0o755);
  writeFileSync(join(hostDirectory, "readable-by-all"), secrets.host, { mode: 0o644 });
  await prison.admit("victim", { "secret.txt": secrets.code });
  await tell("victim", { do: "put", path: "/tmp/secret.txt", text: secrets.scratch });
  await prison.admit("prisoner");
});

afterAll(async () => {
  await paddock.stop();
  rmSync(hostDirectory, { recursive: true, force: true });
});

async function tell(name: string, attempt: Attempt): Promise<Outcome> {
  const outcome = await prison.attemptOne(name, attempt);
  expect(outcome.errno).toBeUndefined();
  return outcome;
}

/** Secrets of this Paddock: keys, tokens, passwords. */
function ownSecrets(): string[] {
  const text = readFileSync(join(paddock.access.dataDirectory, "secrets.json"), "utf8");
  const all: Record<string, string> = JSON.parse(text);
  return Object.values(all);
}

describe("files", () => {
  it("of the host are not there, readable by all or not", async () => {
    const paths = [
      hostDirectory,
      paddock.access.dataDirectory,
      "/work",
      "/home",
      "/etc/shadow",
      "/etc/hostname",
      "/etc/machine-id",
      "/sys/fs/cgroup",
      "/run",
      "/boot",
    ];
    const outcomes = await prison.attempt("prisoner", [
      ...paths.map((path) => ({ do: "read", path })),
      ...paths.map((path) => ({ do: "list", path })),
    ]);
    for (const [index, outcome] of outcomes.entries()) {
      const path = paths[index % paths.length];
      expect([path, outcome.errno]).toEqual([path, "ENOENT"]);
    }
  });

  it("of other functions, and secrets of ours, are found nowhere", async () => {
    const texts = [...Object.values(secrets), ...ownSecrets()];
    const search = { do: "search", texts, skip: ["/proc", "/usr", "/sys"] };
    const { value } = await prison.attemptOne("prisoner", search);
    expect(value.seen).toBeGreaterThan(20);
    expect(value.found).toEqual([]);
    // The search finds what is there: the victim sees its own.
    const own = await prison.attemptOne("victim", search);
    expect(own.value.found.sort()).toEqual(["/tmp/secret.txt", "/var/task/secret.txt"]);
  });

  it("of the function itself and of the system cannot be written", async () => {
    const paths = [
      "/new",
      "/var/task/probe.py",
      "/var/task/new",
      "/var/new",
      "/opt/new",
      "/etc/passwd",
      "/etc/new",
      "/usr/bin/env",
      "/usr/new",
      "/dev/new",
      "/proc/sys/kernel/core_pattern",
      "/proc/sys/kernel/hostname",
      "/proc/sysrq-trigger",
    ];
    const attempts = paths.map((path) => ({ do: "write", path }));
    const outcomes = await prison.attempt("prisoner", attempts);
    // ENOENT: procfs makes no files, and kernels are built without some of these.
    const refusal = expect.stringMatching(/^(EROFS|EACCES|EPERM|ENOENT)$/);
    const said = outcomes.map((outcome, index) => [paths[index], outcome]);
    expect(said).toEqual(paths.map((path) => [path, { errno: refusal }]));
  });

  it("that are devices are the harmless ones", async () => {
    const { value } = await prison.attemptOne("prisoner", { do: "list", path: "/dev" });
    const harmless = ["full", "null", "ptmx", "pts", "random", "shm", "tty", "urandom", "zero"];
    const links = ["core", "fd", "stderr", "stdin", "stdout"];
    expect(value).toEqual([...harmless, ...links].sort());
    expect(await prison.attemptOne("prisoner", { do: "list", path: "/dev/pts" })).toEqual({
      value: ["ptmx"],
    });
  });

  it("can be written in /tmp, which nobody else sees", async () => {
    await tell("prisoner", { do: "put", path: "/tmp/mine.txt", text: "mine" });
    expect(await prison.attemptOne("prisoner", { do: "read", path: "/tmp/mine.txt" })).toEqual({
      value: "mine",
    });
    const others = await prison.attemptOne("victim", { do: "list", path: "/tmp" });
    expect(others.value).toContain("secret.txt");
    expect(others.value).not.toContain("mine.txt");
  });
});

describe("other processes", () => {
  it("are not seen: /proc has the function's own, and nothing of the host", async () => {
    const { value } = await prison.attemptOne("prisoner", { do: "processes" });
    const found: Record<string, Record<string, string>> = value;
    expect(Object.keys(found)).toContain("1");
    expect(Object.keys(found).length).toBeLessThan(10);
    const text = JSON.stringify(found);
    for (const word of [...Object.values(secrets), ...ownSecrets()]) {
      expect(text).not.toContain(word);
    }
    expect(text).not.toMatch(/nats-server|redis-server|postgres|PADDOCK_|services\/worker/);
    expect(text).not.toContain(paddock.access.dataDirectory);
  });

  it("cannot be reached through /proc/1", async () => {
    const paths = [
      "/proc/1/root/etc/shadow",
      `/proc/1/root${hostDirectory}`,
      "/proc/1/cwd/../work",
    ];
    const attempts = paths.map((path) => ({ do: "read", path }));
    for (const { errno } of await prison.attempt("prisoner", attempts)) {
      expect(["EACCES", "ENOENT", "EPERM"]).toContain(errno);
    }
  });

  it("of the host do not exist for signals", async () => {
    const pids = [process.pid, paddock.pid ?? 0, process.ppid].filter((pid) => pid > 1000);
    expect(pids.length).toBeGreaterThan(0);
    const attempts = pids.map((pid) => ({ do: "kill", pid, signal: 0 }));
    const outcomes = await prison.attempt("prisoner", attempts);
    expect(outcomes).toEqual(pids.map(() => ({ errno: "ESRCH" })));
  });

  it("have left the function no way in: it holds pipes and sockets, no file of the host", async () => {
    const { value } = await prison.attemptOne("prisoner", { do: "descriptors" });
    const links: string[] = Object.values(value);
    expect(links.length).toBeGreaterThan(2);
    const harmless = /^(pipe:|socket:|anon_inode:|\/dev\/(null|urandom)$|\/proc\/\d+\/fd$)/;
    expect(links.filter((link) => !harmless.test(link))).toEqual([]);
  });
});

describe("privileges", () => {
  it("are none: no capability, no new ones, a filter in force, not root", async () => {
    const { value } = await prison.attemptOne("prisoner", {
      do: "read",
      path: "/proc/self/status",
    });
    const status: string = value;
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) {
      expect(status).toMatch(new RegExp(`^${set}:\t0+$`, "m"));
    }
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(status).toMatch(/^Seccomp:\t2$/m);
    expect(status).toMatch(/^Uid:\t993\t993\t993\t993$/m);
    expect(status).toMatch(/^Groups:\t[^0]*$/m);
    const outcome = await prison.attemptOne("prisoner", { do: "setuid", uid: 0 });
    expect(["EPERM", "EINVAL"]).toContain(outcome.errno);
  });

  it("are not root's on the host either", async () => {
    const users: string[] = [];
    for (const pid of await descendantsOf(paddock.pid ?? 0)) {
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      if (/^Seccomp:\t2$/m.test(status)) users.push(/^Uid:\t(.+)$/m.exec(status)?.[1] ?? "");
    }
    // Two functions, each with its own process 1 at the least.
    expect(users.length).toBeGreaterThanOrEqual(2);
    for (const user of users) expect(user.split("\t")).not.toContain("0");
  });
});

describe("secrets", () => {
  it("of ours are in no environment variable", async () => {
    const { value } = await prison.attemptOne("prisoner", { do: "environment" });
    const variables: Record<string, string> = value;
    expect(variables["AWS_LAMBDA_FUNCTION_NAME"]).toBe("prisoner");
    expect(Object.keys(variables).filter((name) => /^(PADDOCK|NATS|REDIS|PG)/.test(name))).toEqual(
      [],
    );
    const text = JSON.stringify(variables);
    for (const each of ownSecrets()) expect(text).not.toContain(each);
    expect(text).not.toContain(paddock.access.dataDirectory);
  });
});

const tellAll = `import { readdirSync, readFileSync } from "node:fs";
const readOrEmpty = (path) => { try { return readFileSync(path, "utf8"); } catch { return ""; } };
export const handler = async () => {
  const pids = readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name));
  const files = pids.flatMap((pid) => ["environ", "cmdline"].map((name) => "/proc/" + pid + "/" + name));
  return { variables: process.env, argv: process.execArgv, files: files.map(readOrEmpty) };
};`;

const tellAllShell = `#!/bin/sh
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
headers=$(mktemp)
while :; do
  curl -sS -o /dev/null -D "$headers" "$api/next"
  id=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$headers" | tr -d '[:space:]' | cut -d: -f2)
  { printf '"'; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | base64 -w 0; printf '"'; } \\
    | curl -sS -o /dev/null -d @- "$api/$id/response"
done
`;

describe("secrets of ours, as seen by other runtimes", () => {
  it("are in nothing that a Node function can ask of its process", async () => {
    const files = { "index.mjs": tellAll };
    await prison.admitOther("teller", { runtime: "nodejs24.x", handler: "index.handler", files });
    const { error, text } = await prison.invoke("teller", {});
    expect(error).toBeUndefined();
    expect(text).toContain("/var/runtime/");
    for (const each of ownSecrets()) expect(text).not.toContain(each);
    expect(text).not.toMatch(/PADDOCK_|nats:|redis:|postgres/);
  });

  it("are in nothing that a program of its own can ask", async () => {
    const files = { bootstrap: { content: tellAllShell, mode: 0o755 } };
    await prison.admitOther("shell", { runtime: "provided.al2023", handler: "none", files });
    const { error, text } = await prison.invoke("shell", {});
    expect(error).toBeUndefined();
    const said = Buffer.from(JSON.parse(text), "base64").toString();
    expect(said).toContain("AWS_LAMBDA_RUNTIME_API=169.254.100.1:9001");
    for (const each of ownSecrets()) expect(said).not.toContain(each);
    expect(said).not.toMatch(/PADDOCK_|nats:|redis:|postgres/);
  });
});

describe("the host's network", () => {
  let servers: Server[];
  let connections = 0;
  const abstractName = `\0${secret("socket")}`;
  const pathName = (): string => join(hostDirectory, "socket");

  beforeAll(async () => {
    const places = [{ host: "127.0.0.1", port: 0 }, { path: abstractName }, { path: pathName() }];
    servers = await Promise.all(
      places.map(
        (place) =>
          new Promise<Server>((resolve) => {
            const server = createServer((socket) => {
              connections += 1;
              socket.destroy();
            });
            server.listen(place, () => resolve(server));
          }),
      ),
    );
  });

  afterAll(() => {
    for (const server of servers) server.close();
  });

  it("is not reached on its loopback: neither a listener nor NATS, Redis, Postgres, control", async () => {
    const address = servers[0]?.address();
    if (address === null || typeof address !== "object") throw new Error("it listens on a port");
    const settings = await paddock.cli("config");
    const ours = ["port", "controlPort", "redisPort", "postgresPort", "natsPort"].map((name) =>
      Number(new RegExp(`^${name} +(\\d+) `, "m").exec(settings)?.[1]),
    );
    expect(ours.every((port) => port > 0)).toBe(true);
    const ports = [address.port, ...ours];
    const addresses = ["127.0.0.1", "127.0.0.2", "169.254.100.1", "0.0.0.0"].flatMap((host) =>
      ports.map((port) => [host, port] as const),
    );
    const attempts = addresses.map((each) => ({ do: "connect", address: each }));
    const outcomes = await prison.attempt("prisoner", attempts);
    expect(outcomes).toEqual(addresses.map(() => ({ errno: "ECONNREFUSED" })));
    expect(connections).toBe(0);
  });

  it("is not reached through Unix sockets, by path or by abstract name", async () => {
    const outcomes = await prison.attempt("prisoner", [
      { do: "connect", address: abstractName },
      { do: "connect", address: pathName() },
    ]);
    expect(outcomes).toEqual([{ errno: "ECONNREFUSED" }, { errno: "ENOENT" }]);
    expect(connections).toBe(0);
  });

  it("has no device inside but loopback, and no route", async () => {
    const [devices, routes] = await prison.attempt("prisoner", [
      { do: "read", path: "/proc/net/dev" },
      { do: "read", path: "/proc/net/route" },
    ]);
    const names = [...String(devices?.value).matchAll(/^ *([^ :|]+):/gm)].map(([, name]) => name);
    expect(names).toEqual(["lo"]);
    expect(String(routes?.value).trim().split("\n")).toHaveLength(1);
  });
});
