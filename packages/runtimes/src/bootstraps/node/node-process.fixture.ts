/** Boots the Node.js bootstrap as a real process of one of the versions that are offered. */
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import {
  BootstrapProcess,
  type BootstrapOptions,
  readOutcome,
} from "../bootstrap-process.fixture.ts";

const require = createRequire(import.meta.url);
const bootstrap = fileURLToPath(new URL("./bootstrap.cjs", import.meta.url));
const flagsOf: Readonly<Record<number, readonly string[]>> = {
  20: ["--no-experimental-require-module"],
  22: ["--no-experimental-require-module", "--no-experimental-detect-module"],
  24: [],
};

const started: BootstrapProcess[] = [];

/** Call after each test. */
export async function stopAll(): Promise<void> {
  await Promise.all(started.splice(0).map((process) => process.stop()));
}

type Start = Omit<BootstrapOptions, "command" | "handler" | "files"> & {
  readonly files?: Readonly<Record<string, string>>;
  readonly handler?: string;
};

export function boot(major: number, code: string, options: Start = {}): BootstrapProcess {
  const folder = path.dirname(require.resolve(`node${major}/package.json`));
  const bootstrapped = new BootstrapProcess({
    command: [path.join(folder, "bin/node"), ...(flagsOf[major] ?? []), bootstrap],
    handler: "index.handler",
    ...options,
    files: options.files ?? { "index.js": code },
  });
  started.push(bootstrapped);
  return bootstrapped;
}

export async function ready(
  major: number,
  code: string,
  options: Start = {},
): Promise<BootstrapProcess> {
  const bootstrapped = boot(major, code, options);
  expect(await bootstrapped.initialize()).toEqual({ kind: "ready" });
  return bootstrapped;
}

export async function answerOf(major: number, code: string, event: unknown = {}): Promise<unknown> {
  const bootstrapped = await ready(major, code);
  return readOutcome(await bootstrapped.invoke(event));
}

export const everyVersion = [20, 22, 24];
/** Those that still know handlers with a callback. */
export const withCallbacks = [20, 22];
