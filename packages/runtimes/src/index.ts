export { createFramedSession, type FramedSessionOptions } from "./framed/session.ts";
export { createHttpSession, type HttpSessionOptions } from "./http/session.ts";
export { discoverRuntimes, needsOwnBoot } from "./definitions.ts";
export { commandFor, nodeHeapFlags } from "./discover-node.ts";
export { type CodeFolders, findBootstrap, invalidEntrypointPayload } from "./entrypoint.ts";
export { type OutputLines, readOutputLines } from "./output-lines.ts";
export type {
  FunctionLogLine,
  InitializeOptions,
  InitializeOutcome,
  InvocationOutcome,
  RuntimeDefinition,
  RuntimeInvocation,
  RuntimeSession,
} from "./port.ts";
