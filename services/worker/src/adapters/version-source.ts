import type { FunctionDirectory } from "@paddock/bus";
import type { DeployedKind } from "../environments/prebooted-stock.ts";
import type { VersionSource } from "../ports.ts";

export function versionSource(directory: FunctionDirectory): VersionSource {
  return {
    getVersion: (functionName, version) => directory.getVersion(functionName, version),
    currentTarget: (target) => directory.currentTarget(target),
    onChange: (listener) => {
      directory.onChange((change) => listener(change.functionName));
    },
  };
}

/** Runtime and memory size of all versions that are deployed, the most frequent first. */
export function deployedKinds(directory: FunctionDirectory): readonly DeployedKind[] {
  const kinds = new Map<string, DeployedKind>();
  for (const { functionName } of directory.functions()) {
    for (const { runtime, memoryMb } of directory.versions(functionName)) {
      const key = `${runtime}/${memoryMb}`;
      kinds.set(key, { runtime, memoryMb, count: (kinds.get(key)?.count ?? 0) + 1 });
    }
  }
  return [...kinds.values()].toSorted((a, b) => b.count - a.count);
}
