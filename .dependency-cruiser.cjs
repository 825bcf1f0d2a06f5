/**
 * The import direction of the repository, as docs/design.md and README.md draw it:
 *
 *   contracts ← lambda-model, event-sources ← the other packages ← services
 *
 * and one owner for each library. test/architecture plants violations of these rules and checks
 * that each is reported, because a cruise that resolves nothing is silently green.
 */

const { readdirSync, readFileSync } = require("node:fs");

/** The files that packages show to others: what their exports maps name. */
const DOORS = readdirSync(`${__dirname}/packages`).flatMap((name) => {
  const { exports = {} } = JSON.parse(
    readFileSync(`${__dirname}/packages/${name}/package.json`, "utf8"),
  );
  return Object.values(exports).map((file) => `^packages/${name}/${file.replace("./", "")}$`);
});

/** Source of a package or service: neither a test nor a fixture that tests share. */
const SOURCE = "^(packages|services)/[^/]+/src/(?!.*\\.(test|fixture)\\.ts$)";
const TEST = "(\\.(test|fixture)\\.ts$|^test/)";

/** What a test may import beyond what its package may: testkit, and vitest. */
const notTests = { pathNot: TEST };

function onlyPackages(name, allowed) {
  const inside = [name, ...allowed].join("|");
  return {
    name: `${name}-imports-downwards`,
    comment: `packages/${name} may import ${allowed.join(", ") || "no other package"} only.`,
    severity: "error",
    from: { path: `^packages/${name}/src/`, ...notTests },
    to: { path: "^(packages|services)/", pathNot: `^packages/(${inside})/` },
  };
}

function oneOwner(library, owners, pattern) {
  return {
    name: `${library}-has-one-owner`,
    comment: `Only ${owners.join(", ")} may import ${library}.`,
    severity: "error",
    from: { path: SOURCE, pathNot: owners.map((owner) => `^${owner}/`) },
    to: { path: pattern },
  };
}

const npm = (...names) => names.map((name) => `(^|/)node_modules/(@types/)?${name}/`);

const BASE = ["contracts"];
const MODEL = ["contracts", "lambda-model", "event-sources"];

module.exports = {
  forbidden: [
    onlyPackages("contracts", []),
    onlyPackages("lambda-model", BASE),
    onlyPackages("event-sources", ["contracts", "lambda-model"]),
    onlyPackages("service-kit", BASE),
    onlyPackages("testkit", BASE),
    onlyPackages("archives", MODEL),
    onlyPackages("bus", MODEL),
    onlyPackages("queue", MODEL),
    onlyPackages("store", MODEL),
    onlyPackages("iam", MODEL),
    onlyPackages("sandbox", MODEL),
    onlyPackages("runtimes", MODEL),
    // The command starts servers and services, so it stands above the packages that know how.
    onlyPackages("cli", [...MODEL, "iam", "service-kit", "store", "bus"]),
    {
      name: "packages-import-no-service",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: "^services/" },
    },
    {
      name: "no-service-imports-another",
      comment: "Not even a type: what two services share is a message in contracts.",
      severity: "error",
      from: { path: "^services/([^/]+)/" },
      to: { path: "^services/", pathNot: "^services/$1/" },
    },
    {
      name: "services-reach-packages-by-their-door",
      severity: "error",
      from: { path: "^(services|test)/" },
      to: { path: "^packages/[^/]+/src/", pathNot: DOORS },
    },
    {
      name: "packages-reach-packages-by-their-door",
      severity: "error",
      from: { path: "^packages/([^/]+)/" },
      to: {
        path: "^packages/[^/]+/src/",
        pathNot: ["^packages/$1/", ...DOORS],
      },
    },
    {
      name: "testkit-is-for-tests",
      severity: "error",
      from: {
        path: "^(packages|services)/",
        pathNot: [TEST, "^packages/testkit/"],
      },
      to: { path: "^packages/testkit/" },
    },
    {
      name: "core-is-pure",
      comment:
        "core/ decides; adapters/ talk. It imports contracts, lambda-model, event-sources and itself.",
      severity: "error",
      from: { path: "^services/([^/]+)/src/core/", ...notTests },
      to: {
        pathNot: [
          "^services/$1/src/core/",
          "^services/$1/src/(ports|limits)\\.ts$",
          "^packages/(contracts|lambda-model|event-sources)/",
          // Bytes and digests: they compute and touch nothing.
          "^(node:)?(buffer|crypto|util)$",
        ],
      },
    },
    {
      name: "ports-know-no-adapter",
      severity: "error",
      from: { path: "^services/[^/]+/src/ports\\.ts$" },
      to: { path: "^services/[^/]+/src/(adapters|app|main)" },
    },
    oneOwner("bullmq", ["packages/queue"], npm("bullmq", "ioredis")),
    oneOwner("nats", ["packages/bus"], npm("@nats-io")),
    oneOwner("koffi", ["packages/sandbox"], npm("koffi")),
    oneOwner(
      "child_process",
      // These start servers or a toolchain; what runs a function's code is sandbox alone.
      [
        "packages/sandbox",
        "packages/cli",
        "packages/store",
        "packages/testkit",
        "packages/runtimes",
      ],
      ["^(node:)?child_process$"],
    ),
    oneOwner("pino", ["packages/service-kit"], npm("pino")),
    oneOwner("postgres", ["packages/store"], npm("pg", "drizzle-orm", "postgres")),
    oneOwner("fastify", ["services/control"], npm("fastify")),
    {
      name: "no-cycle",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "imports-resolve",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "dependencies-are-declared",
      comment: "npm links every workspace, so an undeclared one works here and nowhere else.",
      severity: "error",
      from: { path: SOURCE },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    parser: "tsc",
    detectProcessBuiltinModuleCalls: true,
    doNotFollow: { path: ["node_modules", "\\.tsbuild"] },
    exclude: { path: ["\\.tsbuild/", "/fixtures/", "/golden/", "^test/bench/results/"] },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".mjs", ".js", ".cjs", ".json", ".d.ts"],
    },
  },
};
