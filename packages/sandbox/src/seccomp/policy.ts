/**
 * What processes inside a sandbox may ask of the kernel: an allow-list. Every system call up to
 * Linux 6.18 has been decided about here, with the reason beside it; calls that later kernels add do
 * not exist inside (ENOSYS) until somebody has looked at them.
 *
 * The measure: ordinary programs (Node, Python, Go, Rust, Java, shells) must not notice the filter.
 * It takes away what needs privileges anyway, what reaches beyond the sandbox or is counted for the
 * whole machine, and the parts of the kernel that most escapes went through.
 */
import { allowed } from "./policy/allowed.ts";
import { conditional } from "./policy/conditional.ts";
import { refused } from "./policy/refused.ts";
import type { Rule } from "./rule.ts";

export const policy: readonly Rule[] = [...conditional, ...refused, ...allowed];
