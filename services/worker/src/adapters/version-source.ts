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
