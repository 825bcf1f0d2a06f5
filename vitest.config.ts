import { defineConfig } from "vitest/config";

/**
 * One report for all kinds of test. `unit` and `architecture` need nothing but Node; `integration`
 * starts real servers; `conformance`, `e2e` and `security` start the whole stack. Projects of a
 * later group wait for those before: two stacks at once starve each other on two cores.
 *
 * Benchmarks and fault injection are programs under test/, run by name only.
 */
const SECOND_MS = 1000;

const stack = (
  name: string,
  order: number,
  globalSetup: string[] = [],
  setupFiles: string[] = [],
) => ({
  test: {
    name,
    globalSetup,
    setupFiles,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: 60 * SECOND_MS,
    hookTimeout: 120 * SECOND_MS,
    fileParallelism: false,
    maxWorkers: 1,
    sequence: { groupOrder: order },
  },
});

export default defineConfig({
  test: {
    passWithNoTests: false,
    projects: [
      {
        test: {
          name: "unit",
          include: ["{packages,services}/*/src/**/*.test.ts"],
          exclude: ["**/*.integration.test.ts", "**/node_modules/**"],
          testTimeout: 20 * SECOND_MS,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "architecture",
          include: ["test/architecture/**/*.test.ts"],
          testTimeout: 60 * SECOND_MS,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "integration",
          include: ["{packages,services}/*/src/**/*.integration.test.ts"],
          testTimeout: 30 * SECOND_MS,
          hookTimeout: 60 * SECOND_MS,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      stack("conformance", 2, ["test/conformance/global-setup.ts"]),
      stack("e2e", 3),
      stack(
        "security",
        4,
        ["test/security/global-setup.ts"],
        ["test/security/support/enter-test-host.ts"],
      ),
    ],
  },
});
