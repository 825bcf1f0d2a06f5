/**
 * A program that isolates, from its start until its command waits to be let go: so that limits and
 * network are in force before the command runs.
 *
 *     descriptor 1, 2   output of the command
 *     descriptor 3      the channel, where one is wanted
 *     descriptor 4      the program tells the id of the process that was started
 *     descriptor 5      the program waits for a byte on this one
 */
import type { Duplex, Readable } from "node:stream";
import { type CommandStatus, commandStatus } from "../exit-status.ts";
import type { Program } from "../kernel/spawn.ts";
import { readInitPid } from "./init-pid.ts";

export const descriptors = { channel: 3, status: 4, block: 5 } as const;

export interface Launched {
  /** What is in the sandbox's namespaces, by its id outside. It waits until `release`. */
  readonly initPid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly channel: Duplex | undefined;
  /** Resolves when the scratch need not be mounted outside any more: at the latest at the end. */
  readonly mounted: Promise<void>;
  /** Resolves when the program has ended, which it does with the command. */
  readonly ended: Promise<CommandStatus>;
  release(): void;
  /** Ends the program itself, and with it everything inside. */
  kill(): void;
}

export interface Started {
  /** For messages: `bubblewrap`. */
  readonly name: string;
  readonly program: Program;
  readonly hasChannel: boolean;
}

/** Rejects with what the program said when it ends before it has started anything. */
export async function launched({ name, program, hasChannel }: Started): Promise<Launched> {
  const ended = program.ended.then(({ code, signal }) => commandStatus(code, signal));
  const stdout = program.stream(1);
  const stderr = program.stream(2);
  const block = program.stream(descriptors.block);
  try {
    return {
      initPid: await readInitPid(name, program.stream(descriptors.status), stderr),
      stdout,
      stderr,
      channel: hasChannel ? program.stream(descriptors.channel) : undefined,
      mounted: ended.then(() => undefined),
      ended,
      release: () => block.end("\n"),
      kill: () => program.kill(),
    };
  } catch (error) {
    program.kill();
    await ended;
    throw error;
  }
}
