/** Node.js runtimes: the bare binaries of the npm packages node20, node22 and node24. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
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

/** The version is the package's own: nothing is started. */
export function discoverNodeRuntimes(): readonly RuntimeDefinition[] {
  return nodeReleases
    .map(({ major, flags }) => define(major, flags))
    .filter((definition) => definition !== undefined);
}

function define(major: number, flags: readonly string[]): RuntimeDefinition | undefined {
  const installed = findPackage(major);
  if (installed === undefined) return undefined;
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
      { source: installed.binaryFolder, target: "/var/lang/bin" },
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
    runtimeVersion: `nodejs:${major}.v${installed.version}`,
    preBootable: true,
  };
}

interface NodePackage {
  readonly version: string;
  readonly binaryFolder: string;
}

function findPackage(major: number): NodePackage | undefined {
  try {
    const file = require.resolve(`node${major}/package.json`);
    const { version } = readManifest(file);
    const binaryFolder = path.join(path.dirname(file), "bin");
    return existsSync(path.join(binaryFolder, "node")) ? { version, binaryFolder } : undefined;
  } catch {
    // Optional dependency: not there on another architecture.
    return undefined;
  }
}

/** What npm installed is ours; a version that is none fails here, not in a log line. */
function readManifest(file: string): { readonly version: string } {
  const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) {
    const { version } = manifest;
    if (typeof version === "string") return { version };
  }
  throw new Error(`${file} has no version`);
}

/** The command of a definition for a function of this size: Node.js gets its heap bounds. */
export function commandFor(definition: RuntimeDefinition, memoryMb: number): readonly string[] {
  const [program, ...rest] = definition.command;
  if (program === undefined || !definition.identifier.startsWith("nodejs")) {
    return definition.command;
  }
  return [program, ...nodeHeapFlags(memoryMb), ...rest];
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
