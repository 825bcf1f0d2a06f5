export type {
  AllowedDestination,
  AllowList,
  CodeMounts,
  Isolation,
  NetworkAccess,
  PortRange,
  ReadOnlyBind,
  Sandbox,
  SandboxExit,
  SandboxLimits,
  SandboxOptions,
  SandboxPaths,
  SandboxProvider,
  Scratch,
} from "./port.ts";
export { SERVICE_ADDRESS } from "./network/address-plan.ts";
export type {
  ClosedNetwork,
  EgressNetwork,
  NetworkOptions,
  StreamTarget,
  UplinkChoice,
} from "./network/port.ts";
export { SandboxError } from "./errors.ts";
export { enterHostNamespace, inHostNamespace } from "./host/namespace.ts";
export type { BubblewrapProviderOptions } from "./bubblewrap/open.ts";
export { checkBubblewrap, type Problem } from "./bubblewrap/check.ts";
export { createBubblewrapProvider } from "./bubblewrap/open.ts";
export { createGvisorProvider, type GvisorProviderOptions } from "./gvisor/open.ts";
export { createProcessProvider, type ProcessProviderOptions } from "./process/provider.ts";
export { countHostResources, type HostResources } from "./host/count-resources.ts";
export { isDeadWorker, workerName } from "./host/worker-name.ts";
export { startTimeOf } from "./kernel/processes.ts";
