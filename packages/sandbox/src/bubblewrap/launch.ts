/**
 * Starts bubblewrap and brings it to the point where the command waits to be let go, so that its
 * limits and its network are in force before it runs.
 *
 *     descriptor 1, 2   output of the command
 *     descriptor 3      the channel, where one is wanted
 *     descriptor 4      bubblewrap tells the id of the process it started
 *     descriptor 5      bubblewrap waits for a byte on this one
 *     descriptor 6      the seccomp program
 *     descriptor 7      bubblewrap's arguments
 *
 * bubblewrap closes 4 to 7 before the command runs.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import type { Duplex, Readable } from "node:stream";
import type { ControlGroup } from "../control-groups/port.ts";
import { SandboxError } from "../errors.ts";
import { type CommandStatus, commandStatus } from "../exit-status.ts";
import { readInitPid } from "./init-pid.ts";

export const descriptors = { status: 4, block: 5, seccomp: 6, arguments: 7 } as const;

export interface LaunchPlan {
  readonly programs: { readonly bubblewrap: string; readonly prlimit: string };
  readonly openFiles: number;
  readonly arguments: readonly string[];
  readonly command: readonly string[];
  readonly group: ControlGroup;
  /** The descriptor is closed here. */
  readonly openSeccompProgram: () => number;
  readonly hasChannel: boolean;
  /** Host user and group of the sandbox; undefined: the worker's own. */
  readonly identity: number | undefined;
}

export interface Launched {
  /** Process 1 inside, by its id outside. It waits until `release`. */
  readonly initPid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly channel: Duplex | undefined;
  /** Resolves when bubblewrap has ended, which it does with the command. */
  readonly ended: Promise<CommandStatus>;
  release(): void;
  /** Ends bubblewrap itself, and with it everything inside. */
  kill(): void;
}

/** Rejects with what bubblewrap said when it ends before it has started anything. */
export async function launch(plan: LaunchPlan): Promise<Launched> {
  const child = start(plan);
  const failed = new Promise<never>((_resolve, reject) => {
    child.once("error", (error) => reject(new SandboxError(`bubblewrap: ${error.message}`)));
  });
  // Looked at below; and a failure to kill, later, is of no interest to anybody.
  failed.catch(() => undefined);
  if (child.pid === undefined) return failed;
  const ended = new Promise<CommandStatus>((resolve) => {
    child.once("exit", (code, signal) => resolve(commandStatus(code, signal)));
  });
  const stdout = streamOf(child, 1);
  const stderr = streamOf(child, 2);
  const block = streamOf(child, descriptors.block);
  streamOf(child, descriptors.arguments).end(encodeArguments(plan.arguments));
  try {
    const initPid = await Promise.race([
      readInitPid(streamOf(child, descriptors.status), stderr),
      failed,
    ]);
    return {
      initPid,
      stdout,
      stderr,
      channel: plan.hasChannel ? streamOf(child, 3) : undefined,
      ended,
      release: () => block.end("x"),
      kill: () => child.kill("SIGKILL"),
    };
  } catch (error) {
    child.kill("SIGKILL");
    await ended;
    throw error;
  }
}

function start(plan: LaunchPlan): ChildProcess {
  const { identity } = plan;
  const seccomp = plan.openSeccompProgram();
  const channel = plan.hasChannel ? "pipe" : "ignore";
  try {
    return plan.group.spawnInside(() =>
      spawn(plan.programs.prlimit, commandLine(plan), {
        env: {},
        cwd: "/",
        stdio: ["ignore", "pipe", "pipe", channel, "pipe", "pipe", seccomp, "pipe"],
        ...(identity === undefined ? {} : { uid: identity, gid: identity }),
      }),
    );
  } finally {
    closeSync(seccomp);
  }
}

/** Limits of descriptors and core files are lowered on the way: only a process itself may do that. */
function commandLine({ command, openFiles, programs }: LaunchPlan): string[] {
  const files = String(openFiles);
  return [
    ...[`--nofile=${files}:${files}`, "--core=0:0", programs.bubblewrap],
    ...["--args", String(descriptors.arguments), "--", ...command],
  ];
}

function encodeArguments(values: readonly string[]): string {
  return values.map((value) => `${value}\0`).join("");
}

/** Each "pipe" that spawn was asked for is a socket pair, so a duplex. */
function streamOf(child: ChildProcess, descriptor: number): Duplex {
  const stream = child.stdio[descriptor];
  if (stream === null || stream === undefined) {
    throw new SandboxError(`bubblewrap was spawned without descriptor ${String(descriptor)}`);
  }
  // Node's types know neither the kind nor that it follows from the position.
  const duplex = stream as Duplex;
  // The other end may go away at any moment; it is the exit that says so, not a broken pipe.
  duplex.on("error", () => undefined);
  return duplex;
}
