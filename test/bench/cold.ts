/** `npm run bench:cold`: cold starts of every runtime through the signed API, with their phases. */
import { runBench } from "./lib/run.ts";
import { newestPython } from "./lib/stack.ts";
import { comparison, comparisonHeader } from "./lib/table.ts";
import { type ColdStarts, measureCold } from "./measures/cold.ts";

await runBench<Record<string, ColdStarts>>({
  name: "cold",
  settings: { "sandbox-network": "egress" },
  async measure({ access }) {
    const python = await newestPython(access);
    const runtimes = ["nodejs24.x", "nodejs22.x", "nodejs20.x"];
    const figures: Record<string, ColdStarts> = {};
    for (const runtime of [...runtimes, ...(python === undefined ? [] : [python])]) {
      figures[runtime] = await measureCold(access, runtime);
    }
    return figures;
  },
  rows(figures, { c1 }) {
    const rows = [comparisonHeader];
    for (const [runtime, { latency, phases, bootedAhead }] of Object.entries(figures)) {
      rows.push(comparison(`cold p50, ${runtime} (ms)`, latency.p50Ms, c1.p50Ms));
      rows.push(comparison(`cold p99, ${runtime} (ms)`, latency.p99Ms, c1.p99Ms));
      const spent = Object.entries(phases).map(([phase, { p50Ms }]) => `${phase} ${p50Ms}`);
      rows.push([`  p50: ${spent.join(", ")}`]);
      rows.push([`  booted ahead: ${bootedAhead} of ${latency.count}`]);
    }
    return rows;
  },
});
