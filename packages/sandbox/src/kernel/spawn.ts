/**
 * Starts a program without copying the worker. Node's own spawn forks: the page tables of the whole
 * process are copied, 3 ms with 150 MB of memory and 13 ms with 450, while everything that the
 * worker does stands still. posix_spawn(3) lends the new process the worker's memory until it runs
 * its program, and costs 0.2 ms whatever the size.
 *
 * As with Node's spawn, the program inherits no descriptor that is not asked for, and no signal is
 * ignored or blocked in it.
 */
import { closeSync } from "node:fs";
import { Socket } from "node:net";
import { constants } from "node:os";
import type { Duplex } from "node:stream";
import { SandboxError } from "../errors.ts";
import { sandboxLimits } from "../limits.ts";
import { closeAllOnExec } from "./descriptors.ts";
import { call, errnoName } from "./libc.ts";

/** The types are the C library's own, which tells their sizes only to a compiler: at most this. */
const ACTIONS_BYTES = 512;
const ATTRIBUTES_BYTES = 1024;
const SIGNAL_SET_BYTES = 128;
const SET_SIGNAL_DEFAULTS = 4;
const SET_SIGNAL_MASK = 8;
const AF_UNIX = 1;
const STREAM_CLOSED_ON_EXEC = 1 | 0o2000000;
const F_DUPFD_CLOEXEC = 1030;
const WNOHANG = 1;
/** Above every number that a program is given descriptors at. */
const FIRST_SOURCE = 64;

/** `pair`: one end of a socket pair, whose other end is `stream`. A number: this descriptor. */
export type DescriptorPlan = "pair" | number;

export interface SpawnPlan {
  /** An absolute path, and arguments. */
  readonly command: readonly string[];
  readonly directory: string;
  /** By their numbers in the program: what is not named is not there. */
  readonly descriptors: ReadonlyMap<number, DescriptorPlan>;
  /** A pair that the program keeps open until it ends. */
  readonly openUntilEnd: number;
}

export interface ProgramExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Program {
  readonly pid: number;
  stream(descriptor: number): Duplex;
  /** Resolves after the system has forgotten it: its id may be another's from then on. */
  readonly ended: Promise<ProgramExit>;
  kill(): void;
}

/** The program's environment is empty. Throws SandboxError where it cannot be executed. */
export function spawnProgram(plan: SpawnPlan): Program {
  const [path = ""] = plan.command;
  closeAllOnExec();
  const streams = new Map<number, number>();
  const sources: number[] = [];
  try {
    const given = [...plan.descriptors].map(([target, what]) => {
      if (what !== "pair") return { target, source: what };
      const [own, theirs] = socketPair();
      streams.set(target, own);
      sources.push(theirs);
      return { target, source: theirs };
    });
    const actions = fileActions(plan.directory, given);
    try {
      return new SpawnedProgram(start(path, plan.command, actions), streams, plan.openUntilEnd);
    } finally {
      check("destroy", call("posix_spawn_file_actions_destroy", "spawn", actions));
    }
  } catch (error) {
    for (const own of streams.values()) closeSync(own);
    throw error;
  } finally {
    for (const source of sources) closeSync(source);
  }
}

class SpawnedProgram implements Program {
  readonly pid: number;
  readonly ended: Promise<ProgramExit>;
  readonly #streams: ReadonlyMap<number, Duplex>;
  readonly #resolve: (exit: ProgramExit) => void;
  #isFetching = false;
  #hasEnded = false;

  constructor(pid: number, descriptors: ReadonlyMap<number, number>, openUntilEnd: number) {
    this.pid = pid;
    this.#streams = new Map(
      [...descriptors].map(([target, own]) => [target, streamOf(own)] as const),
    );
    const { promise, resolve } = Promise.withResolvers<ProgramExit>();
    this.ended = promise;
    this.#resolve = resolve;
    this.stream(openUntilEnd).once("close", () => this.#fetch());
  }

  stream(descriptor: number): Duplex {
    const stream = this.#streams.get(descriptor);
    if (stream !== undefined) return stream;
    throw new SandboxError(`a program was spawned without descriptor ${String(descriptor)}`);
  }

  kill(): void {
    if (this.#hasEnded) return;
    process.kill(this.pid, "SIGKILL");
    this.#fetch();
  }

  /** It has ended, or is about to: the system has its status in a moment. */
  #fetch(): void {
    if (this.#isFetching) return;
    this.#isFetching = true;
    this.#fetchAfter(0);
  }

  #fetchAfter(pauseMs: number): void {
    const exit = exitOf(this.pid);
    if (exit !== undefined) {
      this.#hasEnded = true;
      this.#resolve(exit);
      return;
    }
    const nextMs = Math.min(Math.max(1, pauseMs * 2), sandboxLimits.fetchExitMsMax);
    setTimeout(() => this.#fetchAfter(nextMs), nextMs);
  }
}

/** Undefined while it runs. */
function exitOf(pid: number): ProgramExit | undefined {
  const status = new Int32Array(1);
  const fetched = call(
    "waitpid",
    "fetch an exit status",
    pid,
    new Uint8Array(status.buffer),
    WNOHANG,
  );
  if (fetched === 0) return undefined;
  const [value = 0] = status;
  const signal = value & 0x7f;
  if (signal === 0) return { code: (value >> 8) & 0xff, signal: null };
  const entry = Object.entries(constants.signals).find(([, number]) => number === signal);
  return { code: null, signal: entry?.[0] ?? "SIGKILL" };
}

function start(path: string, command: readonly string[], actions: Uint8Array): number {
  const pid = new Int32Array(1);
  const pidBytes = new Uint8Array(pid.buffer);
  const result = call(
    "posix_spawn",
    "spawn",
    pidBytes,
    path,
    actions,
    attributes(),
    [...command, null],
    [null],
  );
  check(path, result);
  return pid[0] ?? 0;
}

let sharedAttributes: Uint8Array | undefined;

/** Every signal does what it does by default, and none is blocked. */
function attributes(): Uint8Array {
  if (sharedAttributes !== undefined) return sharedAttributes;
  const made = new Uint8Array(ATTRIBUTES_BYTES);
  const all = new Uint8Array(SIGNAL_SET_BYTES).fill(0xff);
  const none = new Uint8Array(SIGNAL_SET_BYTES);
  check("attributes", call("posix_spawnattr_init", "spawn", made));
  const flags = SET_SIGNAL_DEFAULTS | SET_SIGNAL_MASK;
  check("flags", call("posix_spawnattr_setflags", "spawn", made, flags));
  check("signals", call("posix_spawnattr_setsigdefault", "spawn", made, all));
  check("mask", call("posix_spawnattr_setsigmask", "spawn", made, none));
  sharedAttributes = made;
  return made;
}

interface GivenDescriptor {
  readonly target: number;
  readonly source: number;
}

function fileActions(directory: string, given: readonly GivenDescriptor[]): Uint8Array {
  const actions = new Uint8Array(ACTIONS_BYTES);
  check("actions", call("posix_spawn_file_actions_init", "spawn", actions));
  check("chdir", call("posix_spawn_file_actions_addchdir_np", "spawn", actions, directory));
  for (const { target, source } of given) {
    check("dup", call("posix_spawn_file_actions_adddup2", "spawn", actions, source, target));
  }
  return actions;
}

/** Own end and the program's; both are closed in every program that does not ask for them. */
function socketPair(): readonly [number, number] {
  const pair = new Int32Array(2);
  call(
    "socketpair",
    "make a channel",
    AF_UNIX,
    STREAM_CLOSED_ON_EXEC,
    0,
    new Uint8Array(pair.buffer),
  );
  const [own = -1, theirs = -1] = pair;
  if (theirs >= FIRST_SOURCE) return [own, theirs];
  // One of the targets could be its number, and be overwritten before it is copied.
  const moved = call("fcntl", "move a descriptor", theirs, F_DUPFD_CLOEXEC, FIRST_SOURCE);
  closeSync(theirs);
  return [own, moved];
}

function streamOf(descriptor: number): Duplex {
  const stream = new Socket({ fd: descriptor, readable: true, writable: true });
  // The other end may go away at any moment; it is the exit that says so, not a broken pipe.
  stream.on("error", () => undefined);
  return stream;
}

/** These functions return what is wrong instead of setting errno. */
function check(what: string, result: number): void {
  if (result === 0) return;
  throw new SandboxError(`cannot start ${what}: ${errnoName(result)}`);
}
