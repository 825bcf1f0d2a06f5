import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { discoverRuntimes, needsOwnBoot } from "./definitions.ts";
import { nodeHeapFlags } from "./discover-node.ts";

const runtimes = await discoverRuntimes();

describe("the runtimes of this machine", () => {
  it("are those of the packages, the interpreters that are there, and provided ones, each once", () => {
    const identifiers = runtimes.map((runtime) => runtime.identifier);
    expect(new Set(identifiers).size).toBe(identifiers.length);
    expect(identifiers).toEqual(
      expect.arrayContaining([
        "nodejs20.x",
        "nodejs22.x",
        "nodejs24.x",
        "provided.al2023",
        "provided.al2",
      ]),
    );
  });

  it("name files that exist", () => {
    const sources = runtimes.flatMap((runtime) => runtime.binds.map((bind) => bind.source));
    expect(sources.filter((source) => !existsSync(source))).toEqual([]);
  });

  it("say the version that was found", () => {
    const versions = Object.fromEntries(runtimes.map((it) => [it.identifier, it.runtimeVersion]));
    expect(versions["nodejs24.x"]).toMatch(/^nodejs:24\.v24\.[0-9]+\.[0-9]+$/);
    for (const [identifier, version] of Object.entries(versions)) {
      if (!identifier.startsWith("python3.")) continue;
      const release = identifier.slice("python".length);
      expect(version).toMatch(new RegExp(`^python:${release}\\.v${release}\\.[0-9]+$`));
    }
  });

  it("use the channel for our bootstraps and the Runtime API for the rest", () => {
    for (const { identifier, transport, preBootable } of runtimes) {
      const isProvided = identifier.startsWith("provided.");
      expect([identifier, transport, preBootable]).toEqual([
        identifier,
        isProvided ? "listener" : "channel",
        !isProvided,
      ]);
    }
  });
});

describe("a process that was booted ahead", () => {
  it.each([
    [{}, false],
    [{ TABLE_NAME: "a", LOG_LEVEL: "debug" }, false],
    [{ NODE_ENV: "production" }, false],
    [{ NODE_OPTIONS: " --enable-source-maps " }, false],
    [{ NODE_OPTIONS: "--enable-source-maps --require /opt/hook.js" }, true],
    [{ NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" }, true],
    [{ PYTHONPATH: "/opt/x:/var/task/lib", PYTHONUNBUFFERED: "1" }, false],
    [{ PYTHONPATH: "lib" }, true],
    [{ PYTHONHASHSEED: "0" }, true],
    [{ AWS_LAMBDA_EXEC_WRAPPER: "/opt/wrap" }, true],
    [{ LD_LIBRARY_PATH: "/opt/lib" }, true],
  ])("serves no function with %j: %s", (environment, expected) => {
    expect(needsOwnBoot(environment)).toBe(expected);
  });
});

it("derives Lambda's heap bounds from the memory size", () => {
  expect(nodeHeapFlags(128)).toEqual(["--max-semi-space-size=6", "--max-old-space-size=116"]);
});
