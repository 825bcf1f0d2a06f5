/** One runtime process that is isolated and has no function yet: from its start until it is taken. */
import { randomBytes } from "node:crypto";
import { limits as shared } from "@paddock/contracts";
import { commandFor, type RuntimeDefinition } from "@paddock/runtimes";
import type { Scratch } from "@paddock/sandbox";
import { limits } from "../limits.ts";
import type { SandboxSource } from "../ports.ts";
import { RuntimeProcess } from "./runtime-process.ts";

export interface Prebooted {
  readonly process: RuntimeProcess;
  readonly scratch: Scratch;
}

export interface PrebootOptions {
  readonly sandboxes: SandboxSource;
  readonly definition: RuntimeDefinition;
  readonly memoryMb: number;
}

/** Starts one; it boots at the lowest CPU weight, so that it takes nothing from invocations. */
export async function startPrebooted(options: PrebootOptions): Promise<Prebooted> {
  const { sandboxes, definition, memoryMb } = options;
  const scratch = await sandboxes.createScratch({ sizeMb: shared.ephemeralStorageMbMin });
  try {
    const process = await RuntimeProcess.launch(sandboxes, {
      sandboxId: `prebooted-${randomBytes(8).toString("hex")}`,
      definition,
      command: commandFor(definition, memoryMb),
      memoryMb,
      cpuWeight: limits.prebootedCpuWeight,
      scratch,
      environment: definition.environment,
    });
    return { process, scratch };
  } catch (error) {
    await scratch.remove();
    throw error;
  }
}

export async function discard({ process, scratch }: Prebooted): Promise<void> {
  await process.destroy();
  await scratch.remove();
}
