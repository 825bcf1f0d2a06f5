/** The sandbox provider that was asked for, and no other: what is missing is said, never replaced. */
import {
  createBubblewrapProvider,
  createGvisorProvider,
  createProcessProvider,
  type Isolation,
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
  /** For the operator. */
  readonly onProblem: (problem: string) => void;
}

export async function openSandboxes(
  isolation: Isolation,
  { workerId, home, codeDirectory, ...more }: SandboxPlaces,
): Promise<SandboxProvider> {
  const options = { workerId, dataDirectory: home, codeDirectory };
  const confined = { ...options, ...more };
  switch (isolation) {
    case "bubblewrap":
      return createBubblewrapProvider(confined);
    case "gvisor":
      return createGvisorProvider(confined);
    case "process":
      return createProcessProvider(options);
  }
}
