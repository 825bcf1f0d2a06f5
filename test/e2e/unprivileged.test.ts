/**
 * Scenario: an ordinary user, to whom root gave control groups, has a copy of the repository and
 * starts Paddock with `npm start`. Functions run, limits hold, and nothing stays behind.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { buildZip, eventually, freePort } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** One that every Debian has, and that runs nothing there; PostgreSQL wants one with a name. */
const user = "games";
const startWithinMs = 240_000;
const groups = ["memory", "cpu", "pids", "freezer"].map((name) =>
  join("/sys/fs/cgroup", name, `paddock-e2e-${process.pid}`),
);
// An ordinary user cannot give itself groups; and version 2's controllers are not to be had where
// version 1 holds them.
const reasons = [
  ...(hasUser() ? [] : [`needs the user ${user}`]),
  ...(process.getuid?.() === 0 ? [] : ["needs root, which gives control groups to a user"]),
  ...(groups.every((group) => existsSync(dirname(group))) ? [] : ["needs control groups v1"]),
];
const reason = reasons.length === 0 ? "" : ` (${reasons.join(", ")})`;

const code = `
const held = [];
export const handler = async ({ take }) => {
  for (let i = 0; i < take; i += 1) held.push(Buffer.alloc(1 << 20, 1));
  const { readFileSync } = await import("node:fs");
  return { user: process.getuid(), files: readFileSync("/proc/self/limits", "utf8").match(/open files +(\\d+)/)[1] };
};`;

// Left out where root or version 1 is missing; the reason is in the title.
describe.skipIf(reason !== "")(`Paddock of an ordinary user${reason}`, () => {
  let directory: string;
  let npm: ChildProcess;
  let output = "";
  let lambda: LambdaClient;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "paddock-user-"));
    copyRepository(directory);
    for (const group of groups) {
      mkdirSync(group);
      execFileSync("chown", ["-R", user, group]);
    }
    npm = await start(directory);
    const keep = (chunk: Buffer): void => void (output += chunk.toString());
    npm.stdout?.on("data", keep);
    npm.stderr?.on("data", keep);
    await eventually(
      () => {
        if (!output.includes("Ctrl-C stops everything.")) throw new Error(output);
      },
      { timeoutMs: startWithinMs },
    );
    lambda = new LambdaClient({ ...(await access(directory)), maxAttempts: 1 });
  }, startWithinMs);

  afterAll(async () => {
    if (npm.exitCode === null) npm.kill("SIGKILL");
    for (const group of groups) if (existsSync(group)) rmdirSync(group);
    rmSync(directory, { recursive: true, force: true });
  });

  it("starts, and says which means of isolation are on", () => {
    expect(output).toMatch(/^ {4}Isolation {5}bubblewrap$/m);
    expect(output).toMatch(/^ {18}cgroup v1: memory, cpu, pids, freezer$/m);
    expect(output).toMatch(/^ {18}one host user for all environments$/m);
  });

  it("runs functions within their limits", async () => {
    await lambda.send(
      new CreateFunctionCommand({
        ...{ FunctionName: "mine", Runtime: "nodejs24.x", Handler: "index.handler" },
        ...{ Role: "arn:aws:iam::000000000000:role/any", MemorySize: 128, Timeout: 20 },
        Code: { ZipFile: await buildZip({ "index.mjs": code }) },
      }),
    );
    const wait = { client: lambda, maxWaitTime: 20, minDelay: 1, maxDelay: 1 };
    await waitUntilFunctionActiveV2(wait, { FunctionName: "mine" });
    expect(await invoke(lambda, { take: 1 })).toEqual({ user: 993, files: "1024" });
    expect(await invoke(lambda, { take: 500 })).toMatchObject({ errorType: "Runtime.ExitError" });
  });

  it("ends on Ctrl-C, and leaves nothing of its own", async () => {
    const ended = once(npm, "exit");
    process.kill(-(npm.pid ?? 0), "SIGINT");
    await ended;
    await eventually(() => expect(processesOfUser()).toEqual([]));
    for (const group of groups) expect(groupsBelow(group)).toEqual([]);
  });
});

const asUser = `exec setpriv --reuid ${user} --regid "$(id -g ${user})" --clear-groups --inh-caps=-all`;

function hasUser(): boolean {
  return readFileSync("/etc/passwd", "utf8").includes(`\n${user}:`);
}

/** Leading out needs a device that everybody may open on most machines, and not on all. */
function network(): string {
  const device = statSync("/dev/net/tun", { throwIfNoEntry: false });
  return device !== undefined && (device.mode & 0o006) === 0o006 ? "" : "--sandbox-network closed";
}

/** What git knows, as the user's; packages as hard links where that is possible, which stay root's. */
function copyRepository(target: string): void {
  const script = `
    git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$1"
    if [ -d services/dashboard/dist ]; then cp -r services/dashboard/dist "$1/services/dashboard/"; fi
    chown -R ${user}: "$1"
    cp -al node_modules "$1/" 2>/dev/null || cp -a node_modules "$1/"
    for inner in packages/*/node_modules; do cp -al "$inner" "$1/$inner" 2>/dev/null || cp -a "$inner" "$1/$inner"; done
    find "$1" -type d -name node_modules -prune -exec chown ${user}: {} +`;
  execFileSync("sh", ["-euc", script, "copy", target], { cwd: root });
  chmodSync(target, 0o755);
}

/** In the groups, without anything of root's, in a session of its own as a terminal would have. */
async function start(directory: string): Promise<ChildProcess> {
  const names = ["port", "control-port", "redis-port", "postgres-port", "nats-port"];
  const numbers = await Promise.all(names.map(() => freePort()));
  const ports = names.map((name, index) => `--${name} ${numbers[index]}`).join(" ");
  const script = `for g in "$@"; do echo 0 > "$g/cgroup.procs"; done; ${asUser} npm start -- ${ports} ${network()}`;
  return spawn("sh", ["-euc", script, "start", ...groups], {
    cwd: directory,
    detached: true,
    env: { HOME: directory, PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function access(directory: string) {
  const script = `${asUser} npx --no-install paddock env`;
  const options = { cwd: directory, env: { HOME: directory, PATH: process.env["PATH"] } };
  const printed = execFileSync("sh", ["-euc", script], { ...options, encoding: "utf8" });
  const value = (name: string): string =>
    new RegExp(`^export ${name}=['"]?(.*?)['"]?$`, "m").exec(printed)?.[1] ?? "";
  const accessKeyId = value("AWS_ACCESS_KEY_ID");
  const secretAccessKey = value("AWS_SECRET_ACCESS_KEY");
  return {
    endpoint: value("AWS_ENDPOINT_URL_LAMBDA"),
    region: value("AWS_REGION"),
    credentials: { accessKeyId, secretAccessKey },
  };
}

async function invoke(lambda: LambdaClient, event: unknown): Promise<unknown> {
  const request = { FunctionName: "mine", Payload: JSON.stringify(event) };
  const { Payload } = await lambda.send(new InvokeCommand(request));
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

function processesOfUser(): string[] {
  try {
    return execFileSync("ps", ["-o", "pid=,args=", "-u", user], { encoding: "utf8" })
      .split("\n")
      .filter(Boolean);
  } catch {
    // ps ends with 1 where there is none.
    return [];
  }
}

function groupsBelow(group: string): string[] {
  const entries = readdirSync(group, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
