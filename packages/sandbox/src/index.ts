export type {
  CodeMounts,
  Isolation,
  ReadOnlyBind,
  Sandbox,
  SandboxExit,
  SandboxLimits,
  SandboxOptions,
  SandboxPaths,
  SandboxProvider,
  Scratch,
} from "./port.ts";
export { SandboxError } from "./errors.ts";
export { enterHostNamespace, inHostNamespace } from "./host/namespace.ts";
export type { BubblewrapProviderOptions } from "./bubblewrap/options.ts";
