/** Whether this machine can isolate with bubblewrap, and what to do where it cannot. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { readHierarchies } from "../control-groups/open.ts";
import { messageOf } from "../errors.ts";
import { findProgram } from "../host/programs.ts";
import { sandboxLimits } from "../limits.ts";
import { type BubblewrapAbilities, namespaceArguments } from "./arguments.ts";

export interface Problem {
  /** What is missing. */
  readonly what: string;
  /** What to do about it, as a command where there is one. */
  readonly remedy: string;
}

export interface CheckOptions {
  readonly bubblewrapPath?: string;
  /** Host user and group to try with; the caller's own when absent. */
  readonly identity?: number;
}

export interface FoundBubblewrap {
  readonly path: string;
  readonly abilities: BubblewrapAbilities;
}

const run = promisify(execFile);
const bounds = { timeout: sandboxLimits.probeMs, maxBuffer: sandboxLimits.probeOutputBytes };

const required = ["--args", "--json-status-fd", "--block-fd", "--seccomp", "--perms"];

const install =
  "apt-get install bubblewrap, dnf install bubblewrap, pacman -S bubblewrap, apk add bubblewrap " +
  "or zypper install bubblewrap";

/** Empty when everything that the default isolation needs is there. Never rejects. */
export async function checkBubblewrap(options: CheckOptions = {}): Promise<readonly Problem[]> {
  const inspected = await inspectBubblewrap(options);
  return "path" in inspected ? [] : inspected;
}

/** The program and what it can do, or the problems; it is run for real. */
export async function inspectBubblewrap(
  options: CheckOptions = {},
): Promise<FoundBubblewrap | readonly Problem[]> {
  if (process.platform !== "linux") {
    const what = `isolation needs Linux, this is ${process.platform}`;
    const remedy = "run Paddock on Linux, or ask for isolation `process`, which isolates nothing";
    return [{ what, remedy }];
  }
  const { bubblewrapPath } = options;
  const path = bubblewrapPath ?? findProgram("bwrap");
  if (path === undefined || !existsSync(path)) {
    return [{ what: `the program ${path ?? "bwrap"} (bubblewrap) is missing`, remedy: install }];
  }
  const help = await output(path, ["--help"]);
  const abilities = {
    disableUserNamespaces: help.includes("--disable-userns"),
    memoryFileSystemSize: help.includes("--size"),
  };
  const problems = [
    ...checkOptions(path, help),
    ...(await checkNamespaces(path, abilities, options.identity)),
    ...checkControlGroups(),
  ];
  return problems.length > 0 ? problems : { path, abilities };
}

function checkOptions(path: string, help: string): Problem[] {
  const missing = required.filter((option) => !help.includes(option));
  if (missing.length === 0) return [];
  return [{ what: `${path} is too old: it has no ${missing.join(", ")}`, remedy: install }];
}

async function checkNamespaces(
  path: string,
  abilities: BubblewrapAbilities,
  identity: number | undefined,
): Promise<Problem[]> {
  const shape = ["--ro-bind", "/usr", "/usr", "--ro-bind", "/", "/", "--proc", "/proc"];
  const parameters = [...namespaceArguments(abilities), ...shape, "/bin/sh", "-c", "exit 0"];
  const user = identity === undefined ? {} : { uid: identity, gid: identity };
  try {
    await run(path, parameters, { ...bounds, ...user, cwd: "/", env: {} });
    return [];
  } catch (error) {
    const said = messageOf(error).trim().split("\n").at(-1) ?? "";
    return [{ what: `bubblewrap cannot make its namespaces: ${said}`, remedy: allowNamespaces() }];
  }
}

/** Switches that forbid user namespaces: file, forbidding value, remedy. */
const switches = [
  ["/proc/sys/user/max_user_namespaces", "0", "sysctl -w user.max_user_namespaces=65536"],
  [
    "/proc/sys/kernel/unprivileged_userns_clone",
    "0",
    "sysctl -w kernel.unprivileged_userns_clone=1",
  ],
  [
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
    "1",
    "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile that allows bwrap `userns`",
  ],
] as const;

function allowNamespaces(): string {
  const found = switches.find(
    ([file, forbidding]) => existsSync(file) && readFileSync(file, "utf8").trim() === forbidding,
  );
  return (
    found?.[2] ??
    "in a container add --security-opt seccomp=unconfined --security-opt apparmor=unconfined " +
      "--security-opt systempaths=unconfined"
  );
}

function checkControlGroups(): Problem[] {
  const { v1, v2 } = readHierarchies();
  const needed = ["memory", "cpu", "pids", "freezer"];
  if (v2 !== undefined || needed.every((name) => v1.has(name))) return [];
  return [
    {
      what: "control groups for memory, cpu, pids and freezer are not mounted",
      remedy: "mount -t cgroup2 none /sys/fs/cgroup, or give the container its own control groups",
    },
  ];
}

async function output(path: string, parameters: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await run(path, parameters, bounds);
    return stdout + stderr;
  } catch {
    return "";
  }
}
