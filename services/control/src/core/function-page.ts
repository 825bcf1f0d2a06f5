import type { WorkerStatus } from "@paddock/contracts";
import type { FunctionEntry, FunctionPage } from "@paddock/contracts/admin";
import type { FunctionVersion } from "./model.ts";

export function toFunctionEntry(version: FunctionVersion): FunctionEntry {
  const { runtime, handler, memoryMb, timeoutSeconds, ephemeralStorageMb } = version.configuration;
  return {
    ...{ functionName: version.functionName, state: version.state, runtime, handler },
    ...{ memoryMb, timeoutSeconds, ephemeralStorageMb },
    codeSizeBytes: version.codeSizeBytes,
    lastModifiedMs: version.lastModifiedMs,
  };
}

/** A function, and what the workers say about it and its runtime. */
export function toFunctionPage(
  version: FunctionVersion,
  workers: readonly WorkerStatus[],
): FunctionPage {
  const entry = toFunctionEntry(version);
  const able = workers.filter(({ runtimes }) => runtimes.includes(entry.runtime));
  return {
    function: entry,
    isolations: [...new Set(able.map(({ isolation }) => isolation))].toSorted(),
    environments: workers.flatMap(({ environments, hostName, isolation, workerId }) =>
      environments
        .filter(({ target }) => target.functionName === entry.functionName)
        .map(({ busy, frozen, idle, starting, target }) => ({
          ...{ version: target.version, workerId, hostName, isolation },
          ...{ starting, busy, idle, frozen },
        })),
    ),
  };
}
