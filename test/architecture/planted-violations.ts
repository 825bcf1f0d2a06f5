/** path → content of a small tree that breaks every rule of .dependency-cruiser.cjs once. */

const PACKAGES = [
  "contracts",
  "lambda-model",
  "event-sources",
  "service-kit",
  "testkit",
  "archives",
  "bus",
  "queue",
  "store",
  "iam",
  "sandbox",
  "runtimes",
];

/** The tops of the layering: none of the packages above may import them. */
const upwards = Object.fromEntries([
  ...PACKAGES.map((name) => [
    `packages/${name}/src/upwards.ts`,
    'export { top } from "../../cli/src/top.ts";',
  ]),
  ["packages/cli/src/top.ts", "export const top = 1;"],
  ["packages/cli/src/upwards.ts", 'export { secret } from "../../sandbox/src/secret.ts";'],
  ["packages/sandbox/src/secret.ts", "export const secret = 1;"],
]);

const services = {
  "services/worker/src/core/shared.ts": "export type Shared = string;",
  "services/router/src/core/impure.ts": 'export { readFileSync } from "node:fs";',
  "services/router/src/sideways.ts":
    'export type { Shared } from "../../worker/src/core/shared.ts";',
  "services/router/src/back-door.ts":
    'export { secret } from "../../../packages/sandbox/src/secret.ts";',
  "services/router/src/adapters/adapter.ts": "export const adapter = 1;",
  "services/router/src/ports.ts": 'export { adapter } from "./adapters/adapter.ts";',
  "services/router/src/tests-only.ts":
    'export { upwards } from "../../../packages/testkit/src/upwards.ts";',
  "packages/bus/src/service.ts":
    'export { adapter } from "../../../services/router/src/adapters/adapter.ts";',
};

const libraries = {
  "services/router/src/libraries.ts": `
    export { Queue } from "bullmq";
    export { connect } from "@nats-io/transport-node";
    export { load } from "koffi";
    export { spawn } from "node:child_process";
    export { pino } from "pino";
    export { Pool } from "pg";
    export { fastify } from "fastify";
  `,
};

const shapes = {
  "services/meter/src/one.ts": 'export { two } from "./two.ts";\nexport const one = 1;',
  "services/meter/src/two.ts": 'export { one } from "./one.ts";\nexport const two = 2;',
  "services/meter/src/lost.ts": 'export { lost } from "./there-is-no-such-file.ts";',
};

export const plantedViolations: Readonly<Record<string, string>> = {
  ...upwards,
  ...services,
  ...libraries,
  ...shapes,
};
