/** Checks what a caller gives, before anything is made. */
import { isAbsolute } from "node:path";
import { SandboxError } from "./errors.ts";
import { sandboxLimits } from "./limits.ts";
import type { SandboxLimits, SandboxOptions } from "./port.ts";

const idPattern = /^[a-zA-Z0-9_-]{1,64}$/;

export function validateOptions(options: SandboxOptions): void {
  if (!idPattern.test(options.sandboxId)) {
    throw new SandboxError(
      `sandbox id ${JSON.stringify(options.sandboxId)}: 1–64 of a–z, A–Z, 0–9, _ and -`,
    );
  }
  if (options.command.length === 0 || options.command.length > sandboxLimits.commandArguments) {
    throw new SandboxError(`a command of ${String(options.command.length)} words`);
  }
  const strings = [...options.command, ...Object.entries(options.environment).flat()];
  if (strings.some((value) => value.includes("\0"))) {
    throw new SandboxError("a command or an environment with a NUL character");
  }
  for (const { source, target } of options.binds) {
    if (!isAbsolute(source) || !isAbsolute(target)) {
      throw new SandboxError(`bind ${source} at ${target}: both have to be absolute paths`);
    }
  }
  validateLimits(options.limits);
}

export function validateScratchSize(sizeMb: number): void {
  const { scratchMbMax } = sandboxLimits;
  if (!Number.isInteger(sizeMb) || sizeMb < 1 || sizeMb > scratchMbMax) {
    throw new SandboxError(`a scratch of ${String(sizeMb)} MB: 1–${String(scratchMbMax)}`);
  }
}

export function validateLimits(limits: SandboxLimits): void {
  const bad = Object.entries(limits).find(([, value]) => !(Number.isFinite(value) && value > 0));
  if (bad !== undefined) {
    throw new SandboxError(`limit ${bad[0]} is ${String(bad[1])}: it has to be above 0`);
  }
  if (limits.cpuWeight !== undefined && limits.cpuWeight > sandboxLimits.cpuWeightMax) {
    throw new SandboxError(`a CPU weight of ${String(limits.cpuWeight)}: 1 to 100`);
  }
}
