/** Whether this machine can isolate with bubblewrap, and what to do where it cannot. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { readHierarchies } from "../control-groups/open.ts";
import { messageOf } from "../errors.ts";
import { findProgram } from "../host/programs.ts";
import { sandboxLimits } from "../limits.ts";

const run = promisify(execFile);

/** `--disable-userns` came with 0.8.0. */
const oldestVersion = [0, 8] as const;

export interface Problem {
  /** What is missing. */
  readonly what: string;
  /** What to do about it, as a command where there is one. */
  readonly remedy: string;
}

/** Empty when everything that the default isolation needs is there. */
export async function checkBubblewrap(
  options: { bubblewrapPath?: string } = {},
): Promise<Problem[]> {
  if (process.platform !== "linux") {
    return [
      {
        what: `isolation needs Linux, this is ${process.platform}`,
        remedy:
          "run Paddock in a Linux machine, or ask for --isolation=process, which isolates nothing",
      },
    ];
  }
  const path = options.bubblewrapPath ?? findProgram("bwrap");
  if (path === undefined) return [missingProgram];
  return [...(await checkVersion(path)), ...(await checkNamespaces(path)), ...checkControlGroups()];
}

const missingProgram: Problem = {
  what: "the program bwrap (bubblewrap) is missing",
  remedy:
    "apt-get install bubblewrap, dnf install bubblewrap, pacman -S bubblewrap or apk add bubblewrap",
};

async function checkVersion(path: string): Promise<Problem[]> {
  const text = await output(path, ["--version"]);
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(text) ?? [];
  const isNew =
    Number(major) > oldestVersion[0] ||
    (Number(major) === oldestVersion[0] && Number(minor) >= oldestVersion[1]);
  if (isNew) return [];
  const wanted = oldestVersion.join(".");
  return [
    { what: `bubblewrap ${major}.${minor} is too old`, remedy: `install ${wanted} or newer` },
  ];
}

async function checkNamespaces(path: string): Promise<Problem[]> {
  const probe = [
    "--unshare-user",
    "--unshare-all",
    "--ro-bind",
    "/",
    "/",
    "--disable-userns",
    "/bin/sh",
    "-c",
    "exit 0",
  ];
  try {
    await run(path, probe, { timeout: sandboxLimits.probeMs, env: {} });
    return [];
  } catch (error) {
    return [
      {
        what: `bubblewrap cannot make its namespaces: ${messageOf(error).trim()}`,
        remedy:
          "allow user namespaces (sysctl user.max_user_namespaces=15000; on Debian kernel.unprivileged_userns_clone=1; " +
          "on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0); in a container add " +
          "--security-opt seccomp=unconfined --security-opt systempaths=unconfined",
      },
    ];
  }
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

async function output(path: string, options: readonly string[]): Promise<string> {
  const bounds = { timeout: sandboxLimits.probeMs, maxBuffer: sandboxLimits.probeOutputBytes };
  const { stdout } = await run(path, [...options], bounds);
  return stdout;
}
