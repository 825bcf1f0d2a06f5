// npm test: verify, then every suite that needs real servers. Its last line is
// `N passed, N failed`: the tests of vitest's reports, and one for each check of verify.
import { printSummary, runTests, step } from "./lib.mjs";
import { verify } from "./verify.mjs";

const suites = ["integration", "conformance", "e2e", "security"];

const steps = await verify();
for (const suite of suites) {
  steps.push(await step(`${suite} tests`, () => runTests([suite])));
}

printSummary(steps);
const passed = steps.reduce((sum, each) => sum + each.passed, 0);
const failed = steps.reduce((sum, each) => sum + each.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
