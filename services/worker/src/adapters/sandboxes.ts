/** The sandbox provider that was asked for, and no other: what is missing is said, never replaced. */
import {
  createBubblewrapProvider,
  createProcessProvider,
  type SandboxProvider,
} from "@paddock/sandbox";

export interface SandboxPlaces {
  readonly workerId: string;
  /** Below the data directory. */
  readonly home: string;
  readonly codeDirectory: string;
  readonly scratchStorage: "auto" | "disk" | "memory";
  /** Memory that all functions together may really use. */
  readonly memoryUseMb: number;
}

export async function openSandboxes(
  isolation: "bubblewrap" | "process",
  { workerId, home, codeDirectory, scratchStorage, memoryUseMb }: SandboxPlaces,
): Promise<SandboxProvider> {
  const options = { workerId, dataDirectory: home, codeDirectory };
  return isolation === "bubblewrap"
    ? createBubblewrapProvider({ ...options, scratchStorage, memoryUseMb })
    : createProcessProvider(options);
}
