/** `npm run bench:density`: memory of an idle environment, for Node and Python. */
import { runBench } from "./lib/run.ts";
import { newestPython } from "./lib/stack.ts";
import { comparison, comparisonHeader } from "./lib/table.ts";
import { type Density, measureDensity } from "./measures/density.ts";

await runBench<Record<string, Density>>({
  name: "density",
  settings: { "sandbox-network": "egress", "prebooted-max": "0" },
  async measure(paddock) {
    const python = await newestPython(paddock.access);
    const figures: Record<string, Density> = {};
    const runtimes = ["nodejs24.x", "nodejs22.x", "nodejs20.x"];
    for (const runtime of [...runtimes, ...(python === undefined ? [] : [python])]) {
      figures[runtime] = await measureDensity(paddock, runtime);
    }
    return figures;
  },
  rows: (figures, { memoryMb }) => [
    comparisonHeader,
    ...Object.entries(figures).map(([runtime, { environmentMb }]) =>
      comparison(`idle environment, ${runtime}, PSS (MB)`, environmentMb, memoryMb),
    ),
  ],
});
