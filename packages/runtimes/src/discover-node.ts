/** Node.js runtimes: the bare binaries of the npm packages node20, node22 and node24. */
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { askInterpreter } from "./interpreter-version.ts";
import type { RuntimeDefinition } from "./port.ts";
import { systemEnvironment } from "./system-environment.ts";

const require = createRequire(import.meta.url);
const bootstrapFolder = fileURLToPath(new URL("./bootstraps/node", import.meta.url));

/**
 * Flags that Lambda starts Node.js with: a large header limit, and off what upstream turned on as
 * an experiment within a release line.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
const nodeReleases = [
  { major: 20, flags: ["--no-experimental-require-module"] },
  {
    major: 22,
    flags: ["--no-experimental-require-module", "--no-experimental-detect-module"],
  },
  { major: 24, flags: [] },
] as const;

export async function discoverNodeRuntimes(): Promise<readonly RuntimeDefinition[]> {
  const found = await Promise.all(nodeReleases.map(({ major, flags }) => define(major, flags)));
  return found.filter((definition) => definition !== undefined);
}

async function define(
  major: number,
  flags: readonly string[],
): Promise<RuntimeDefinition | undefined> {
  const binaryFolder = findBinaryFolder(major);
  if (binaryFolder === undefined) return undefined;
  const version = await askInterpreter(path.join(binaryFolder, "node"), ["--version"]);
  if (version === undefined || !version.startsWith(`v${major}.`)) return undefined;
  return {
    identifier: `nodejs${major}.x`,
    transport: "channel",
    command: [
      "/var/lang/bin/node",
      "--expose-gc",
      "--max-http-header-size=81920",
      ...flags,
      "/var/runtime/bootstrap.cjs",
    ],
    binds: [
      { source: binaryFolder, target: "/var/lang/bin" },
      { source: bootstrapFolder, target: "/var/runtime" },
    ],
    environment: {
      ...systemEnvironment,
      AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${major}.x`,
      NODE_PATH: [
        `/opt/nodejs/node${major}/node_modules`,
        "/opt/nodejs/node_modules",
        "/var/runtime/node_modules",
        "/var/runtime",
        "/var/task",
      ].join(":"),
    },
    runtimeVersion: `nodejs:${major}.${version}`,
    preBootable: true,
  };
}

function findBinaryFolder(major: number): string | undefined {
  try {
    return path.join(path.dirname(require.resolve(`node${major}/package.json`)), "bin");
  } catch {
    // Optional dependency: not there on another architecture.
    return undefined;
  }
}

/**
 * Heap bounds as Lambda derives them from the function's memory: a tenth for the young generation,
 * the rest for the old one. They count at the start of the process only.
 */
export function nodeHeapFlags(memoryMb: number): readonly string[] {
  const youngMb = Math.floor(memoryMb / 10);
  return [
    `--max-semi-space-size=${Math.floor(youngMb / 2)}`,
    `--max-old-space-size=${memoryMb - youngMb}`,
  ];
}
