export { cliLimits } from "./limits.ts";
export { findRunningStack, type RunningStack } from "./data-directory/running-stack.ts";
export { UserError } from "./user-error.ts";
