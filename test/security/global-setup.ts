/**
 * One Paddock for all security tests, on a test host: a machine whose private and metadata addresses
 * are the test's own, so that a function that found a way out would reach nobody but the test.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type PaddockAccess, startPaddock, startTestHost } from "@paddock/testkit";
import type { TestProject } from "vitest/node";
import { hostAddresses } from "./support/host-addresses.ts";

export interface PrisonPlace {
  readonly access: PaddockAccess;
  readonly supervisorPid: number;
  /** A process in the network of the test host. */
  readonly hostPid: number;
  /** The compiled probe.c. */
  readonly bootstrapPath: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    readonly prison: PrisonPlace;
  }
}

const run = promisify(execFile);

/**
 * What is counted before and after must not change by itself: few processes booted ahead, and an
 * environment that a caller in a hurry was given beside a busy one is soon gone again.
 */
const settings = {
  // As functions have it by default; the test host's rules are its own.
  "sandbox-network": "egress",
  "prebooted-max": "4",
  "keep-alive-policy": "fixed",
  "idle-environment-timeout-seconds": "4",
};

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "paddock-probe-"));
  const [bootstrapPath, host] = await Promise.all([
    compile(directory),
    startTestHost(Object.values(hostAddresses)),
  ]);
  const paddock = await startPaddock({ launcher: host.launcher, settings });
  project.provide("prison", {
    access: paddock.access,
    supervisorPid: paddock.pid ?? 0,
    hostPid: host.pid,
    bootstrapPath,
  });
  return async () => {
    await paddock.stop();
    await host.stop();
    await rm(directory, { recursive: true, force: true });
  };
}

/** Static: the sandbox need not have the C library that this machine links with. */
async function compile(directory: string): Promise<string> {
  const source = fileURLToPath(new URL("fixtures/probe.c", import.meta.url));
  const program = join(directory, "bootstrap");
  await run("gcc", ["-O1", "-Wall", "-Wextra", "-Werror", "-static", "-o", program, source]);
  return program;
}
