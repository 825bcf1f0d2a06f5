/**
 * Starts bubblewrap and brings it to the point where the command runs with its limits in force.
 *
 *     descriptor 1, 2   output of the command
 *     descriptor 3      the channel, where one is wanted
 *     descriptor 4      bubblewrap tells the id of the process it started
 *     descriptor 5      bubblewrap waits until this one is closed
 *     descriptor 6      the seccomp program
 *     descriptor 7      bubblewrap's arguments
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import type { Duplex, Readable, Writable } from "node:stream";
import type { ControlGroup } from "../control-groups/port.ts";
import { SandboxError } from "../errors.ts";
import { sandboxLimits } from "../limits.ts";

export const descriptors = { status: 4, block: 5, seccomp: 6, arguments: 7 } as const;

export interface LaunchPlan {
  readonly programs: { readonly bubblewrap: string; readonly prlimit: string };
  readonly openFiles: number;
  readonly arguments: readonly string[];
  readonly command: readonly string[];
  readonly group: ControlGroup;
  /** Closed here. */
  readonly seccompDescriptor: number;
  readonly hasChannel: boolean;
  /** Host user and group of the sandbox; undefined: the worker's own. */
  readonly identity: number | undefined;
}

export interface Launched {
  readonly child: ChildProcess;
  /** Process 1 inside, by its id outside. It waits until `release`. */
  readonly initPid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly channel: Duplex | undefined;
  release(): void;
}

/** Rejects with what bubblewrap said when it ends before it has started anything. */
export async function launch(plan: LaunchPlan): Promise<Launched> {
  const child = start(plan);
  const stdout = streamOf<Readable>(child, 1);
  const stderr = streamOf<Readable>(child, 2);
  const status = streamOf<Readable>(child, descriptors.status);
  const block = streamOf<Writable>(child, descriptors.block);
  // The process may be gone before it has read: its exit says so, not the broken pipe.
  for (const stream of [block, streamOf<Writable>(child, descriptors.arguments)]) {
    stream.on("error", () => undefined);
  }
  streamOf<Writable>(child, descriptors.arguments).end(encodeArguments(plan.arguments));
  try {
    const initPid = await readInitPid(child, status, stderr);
    status.resume();
    const channel = plan.hasChannel ? streamOf<Duplex>(child, 3) : undefined;
    return { child, initPid, stdout, stderr, channel, release: () => block.end("x") };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

function start(plan: LaunchPlan): ChildProcess {
  const { identity } = plan;
  try {
    return plan.group.spawnInside(() =>
      spawn(plan.programs.prlimit, commandLine(plan), {
        env: {},
        cwd: "/",
        stdio: [
          "ignore",
          "pipe",
          "pipe",
          plan.hasChannel ? "pipe" : "ignore",
          "pipe",
          "pipe",
          plan.seccompDescriptor,
          "pipe",
        ],
        ...(identity === undefined ? {} : { uid: identity, gid: identity }),
      }),
    );
  } finally {
    closeSync(plan.seccompDescriptor);
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
  if (values.some((value) => value.includes("\0"))) {
    throw new SandboxError("an argument or a variable of a sandbox holds a zero byte");
  }
  return values.map((value) => `${value}\0`).join("");
}

/** The first document on the status descriptor: `{ "child-pid": 123 }`. */
function readInitPid(child: ChildProcess, status: Readable, stderr: Readable): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = "";
    let complaint = "";
    const fail = (why: string): void => {
      finish();
      reject(
        new SandboxError(
          `bubblewrap did not start: ${why}${complaint === "" ? "" : `: ${complaint.trim()}`}`,
        ),
      );
    };
    const onStatus = (chunk: Buffer): void => {
      text = (text + chunk.toString()).slice(0, sandboxLimits.statusBytes);
      const pid = /"child-pid":\s*(\d+)/.exec(text)?.[1];
      if (pid === undefined) return;
      finish();
      resolve(Number(pid));
    };
    const onComplaint = (chunk: Buffer): void => {
      complaint = (complaint + chunk.toString()).slice(0, sandboxLimits.errorTextBytes);
    };
    const onExit = (): void => void setImmediate(() => fail("it ended"));
    const onError = (error: Error): void => fail(error.message);
    const timer = setTimeout(() => fail("it said nothing in time"), sandboxLimits.startMs);
    const finish = (): void => {
      clearTimeout(timer);
      status.off("data", onStatus);
      stderr.off("data", onComplaint);
      stderr.pause();
      child.off("close", onExit);
      child.off("error", onError);
    };
    status.on("data", onStatus);
    stderr.on("data", onComplaint);
    child.on("close", onExit);
    child.on("error", onError);
  });
}

/** `stdio` holds what spawn was asked for: the kind follows from the position. */
function streamOf<Kind extends Readable | Writable>(child: ChildProcess, descriptor: number): Kind {
  const stream = child.stdio[descriptor];
  if (stream === null || stream === undefined) {
    throw new SandboxError(`bubblewrap was spawned without descriptor ${String(descriptor)}`);
  }
  return stream as Readable | Writable as Kind;
}
