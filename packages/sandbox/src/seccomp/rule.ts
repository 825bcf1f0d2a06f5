/** What a policy is made of. */
import type { SyscallName } from "./syscalls.ts";

/**
 * `allow`; `pretend`: success, with nothing done; otherwise the error that the call fails with.
 * `EPERM` is what an ordinary user would get. `ENOSYS` is what an older kernel says, so that C
 * libraries fall back to an older call, whose arguments the filter can see.
 */
export type Action = "allow" | "pretend" | "EPERM" | "ENOSYS" | "EPROTONOSUPPORT";

/** About one half of one argument, counted from 0: the low 32 bits where no half is named. */
interface Place {
  readonly argument: number;
  readonly half?: "high";
}

/** All conditions of a rule must hold. */
export type Condition =
  | (Place & { readonly mask?: number; readonly oneOf: readonly number[] })
  | (Place & { readonly mask?: number; readonly noneOf: readonly number[] })
  | (Place & { readonly anyBitOf: number });

/**
 * Of the rules that name a call, the first whose conditions hold decides. A rule without conditions
 * is therefore the last one of its calls, and what no rule decides fails with ENOSYS.
 */
export interface Rule {
  readonly syscalls: readonly SyscallName[];
  readonly action: Action;
  readonly reason: string;
  readonly when?: readonly Condition[];
}
