import type { FunctionDirectory } from "@paddock/bus";
import type { EnvironmentKind } from "../environments/prebooted-stock.ts";
import type { VersionSource } from "../ports.ts";

export function versionSource(directory: FunctionDirectory): VersionSource {
  return {
    getVersion: (functionName, version) => directory.getVersion(functionName, version),
    onChange: (listener) => {
      directory.onChange((change) => listener(change.functionName));
    },
  };
}

/** Runtime and memory size of all versions that are deployed, the most frequent first. */
export function deployedKinds(directory: FunctionDirectory): readonly EnvironmentKind[] {
  const counts = new Map<string, { readonly kind: EnvironmentKind; count: number }>();
  for (const { functionName } of directory.functions()) {
    for (const { runtime, memoryMb } of directory.versions(functionName)) {
      const key = `${runtime}/${memoryMb}`;
      const entry = counts.get(key) ?? { kind: { runtime, memoryMb }, count: 0 };
      entry.count += 1;
      counts.set(key, entry);
    }
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count).map(({ kind }) => kind);
}
