import type { Runtime } from "@aws-sdk/client-lambda";
import { statusReportSchema } from "@paddock/contracts/admin";

/** A Python that this Paddock can run, from what `paddock status --json` prints. */
export function installedPython(statusJson: string): Runtime {
  const status = statusReportSchema.parse(JSON.parse(statusJson));
  const python = status.runtimes.find((runtime) => runtime.startsWith("python"));
  if (python === undefined) throw new Error("these tests need a Python that Paddock can run");
  return python as Runtime; // The API is what checks it.
}
