/**
 * Starts bubblewrap, with three descriptors more than confined/launched.ts says:
 *
 *     descriptor 6      the seccomp program
 *     descriptor 7      bubblewrap's arguments
 *     descriptor 8      bubblewrap closes it when it has mounted all that is to be seen inside
 *
 * bubblewrap closes 4 to 8 before the command runs.
 */
import { closeSync, openSync } from "node:fs";
import type { Duplex } from "node:stream";
import { descriptors as common, type Launched, launched } from "../confined/launched.ts";
import type { ControlGroup } from "../control-groups/port.ts";
import { type DescriptorPlan, type Program, spawnProgram } from "../kernel/spawn.ts";
import type { SandboxNetwork } from "../network/port.ts";

export const descriptors = { ...common, seccomp: 6, arguments: 7, mounted: 8 } as const;

export interface BubblewrapPrograms {
  readonly bubblewrap: string;
  readonly prlimit: string;
  /** Only where sandboxes have a user of their own. */
  readonly setpriv: string;
}

export interface LaunchPlan {
  readonly programs: BubblewrapPrograms;
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
  const program = start(plan);
  program.stream(descriptors.arguments).end(encodeArguments(plan.arguments));
  const mounted = closed(program.stream(descriptors.mounted));
  const started = { name: "bubblewrap", program, hasChannel: plan.hasChannel };
  return { ...(await launched(started)), mounted };
}

function start(plan: LaunchPlan): Program {
  const nothing = openSync("/dev/null", "r");
  const seccomp = plan.openSeccompProgram();
  try {
    return plan.group.spawnInside(() =>
      plan.network.spawnInside((prefix) =>
        spawnProgram({
          command: [...prefix, ...commandLine(plan)],
          directory: "/",
          descriptors: new Map<number, DescriptorPlan>([
            [0, nothing],
            ...([1, 2, descriptors.status, descriptors.block] as const).map(pair),
            ...(plan.hasChannel ? [pair(descriptors.channel)] : []),
            [descriptors.seccomp, seccomp],
            ...([descriptors.arguments, descriptors.mounted] as const).map(pair),
          ]),
          openUntilEnd: descriptors.status,
        }),
      ),
    );
  } finally {
    closeSync(seccomp);
    closeSync(nothing);
  }
}

function pair(descriptor: number): [number, "pair"] {
  return [descriptor, "pair"];
}

/**
 * Limits of descriptors and core files are lowered on the way: only a process itself may do that. A
 * core limit of 0 would not keep the kernel from handing the memory of a crashed function to a
 * program of the host (`core_pattern` with a pipe), as root; 1 byte does. Source: core(5), coredump.c.
 */
function commandLine({ command, identity, openFiles, programs }: LaunchPlan): string[] {
  const files = String(openFiles);
  const user = String(identity);
  return [
    ...(identity === undefined
      ? []
      : [programs.setpriv, `--reuid=${user}`, `--regid=${user}`, "--clear-groups"]),
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
