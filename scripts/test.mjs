// npm test: verify, then every suite that needs real servers. Its last line is
// `N passed, N failed`: the tests of vitest's reports, and one for each check of verify and for the
// dashboard's build.
import { buildDashboard, isDashboardCurrent } from "./build-dashboard.mjs";
import { printSummary, runTests, step } from "./lib.mjs";
import { useBuiltRunsc } from "./runsc.mjs";
import { verify } from "./verify.mjs";

const suites = ["integration", "conformance", "e2e", "security"];

useBuiltRunsc();
const steps = await verify();
steps.push(await step("dashboard", ensureDashboard));
for (const suite of suites) {
  steps.push(await step(`${suite} tests`, () => runTests([suite])));
}

printSummary(steps);
const passed = steps.reduce((sum, each) => sum + each.passed, 0);
const failed = steps.reduce((sum, each) => sum + each.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** Control serves it; `npm start` builds it in the same way. */
function ensureDashboard() {
  const isThere = isDashboardCurrent() || buildDashboard(process.execPath);
  return { passed: isThere ? 1 : 0, failed: isThere ? 0 : 1, skipped: 0 };
}
