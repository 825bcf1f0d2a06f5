/**
 * Starts bubblewrap, with three descriptors more than confined/launched.ts says:
 *
 *     descriptor 6      the seccomp program
 *     descriptor 7      bubblewrap's arguments
 *     descriptor 8      bubblewrap closes it when it has mounted all that is to be seen inside
 *
 * bubblewrap closes 4 to 8 before the command runs.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import type { Duplex } from "node:stream";
import { descriptors as common, type Launched, launched, streamOf } from "../confined/launched.ts";
import type { ControlGroup } from "../control-groups/port.ts";
import type { SandboxNetwork } from "../network/port.ts";

export const descriptors = { ...common, seccomp: 6, arguments: 7, mounted: 8 } as const;

export interface LaunchPlan {
  readonly programs: { readonly bubblewrap: string; readonly prlimit: string };
  readonly openFiles: number;
  readonly arguments: readonly string[];
  readonly command: readonly string[];
  readonly group: ControlGroup;
  readonly network: SandboxNetwork;
  /** The descriptor is closed here. */
  readonly openSeccompProgram: () => number;
  readonly hasChannel: boolean;
  /** Host user and group of the sandbox; undefined: the worker's own. */
  readonly identity: number | undefined;
}

/** Rejects with what bubblewrap said when it ends before it has started anything. */
export async function launch(plan: LaunchPlan): Promise<Launched> {
  const child = start(plan);
  const started = { program: "bubblewrap", child, hasChannel: plan.hasChannel };
  if (child.pid === undefined) return launched(started);
  streamOf(child, descriptors.arguments).end(encodeArguments(plan.arguments));
  const mounted = closed(streamOf(child, descriptors.mounted));
  return { ...(await launched(started)), mounted };
}

function start(plan: LaunchPlan): ChildProcess {
  const { identity } = plan;
  const seccomp = plan.openSeccompProgram();
  const channel = plan.hasChannel ? "pipe" : "ignore";
  try {
    return plan.group.spawnInside(() =>
      plan.network.spawnInside((prefix) => {
        const [program = plan.programs.prlimit, ...rest] = [...prefix, ...commandLine(plan)];
        return spawn(program, rest, {
          env: {},
          cwd: "/",
          stdio: ["ignore", "pipe", "pipe", channel, "pipe", "pipe", seccomp, "pipe", "pipe"],
          ...(identity === undefined ? {} : { uid: identity, gid: identity }),
        });
      }),
    );
  } finally {
    closeSync(seccomp);
  }
}

/**
 * Limits of descriptors and core files are lowered on the way: only a process itself may do that. A
 * core limit of 0 would not keep the kernel from handing the memory of a crashed function to a
 * program of the host (`core_pattern` with a pipe), as root; 1 byte does. Source: core(5), coredump.c.
 */
function commandLine({ command, openFiles, programs }: LaunchPlan): string[] {
  const files = String(openFiles);
  return [
    ...[programs.prlimit, `--nofile=${files}:${files}`, "--core=1:1", programs.bubblewrap],
    ...["--args", String(descriptors.arguments), "--", ...command],
  ];
}

/** An empty file for bubblewrap, which closes its end when it has read that. */
function closed(stream: Duplex): Promise<void> {
  stream.end().resume();
  return new Promise((resolve) => stream.once("close", () => resolve()));
}

function encodeArguments(values: readonly string[]): string {
  return values.map((value) => `${value}\0`).join("");
}
