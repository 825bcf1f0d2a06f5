import type { FunctionDirectory } from "@paddock/bus";
import type { VersionSource } from "../ports.ts";

export function versionSource(directory: FunctionDirectory): VersionSource {
  return {
    getVersion: (functionName, version) => directory.getVersion(functionName, version),
    onChange: (listener) => {
      directory.onChange((change) => listener(change.functionName));
    },
  };
}

/** Runtimes of all versions that are deployed. */
export function usedRuntimes(directory: FunctionDirectory): ReadonlySet<string> {
  const used = new Set<string>();
  for (const { functionName } of directory.functions()) {
    for (const { runtime } of directory.versions(functionName)) used.add(runtime);
  }
  return used;
}
