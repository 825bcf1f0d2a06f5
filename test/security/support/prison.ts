/** Functions that try to get out, called through the signed Lambda API like any other. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ResourceConflictException } from "@aws-sdk/client-lambda";
import type { ZipEntry } from "@paddock/testkit";
import { expect, inject } from "vitest";
import { createLambdaUser, type FunctionPlan, type Invoked } from "../../support/lambda-user.ts";
import { type Code, type Language, probeIn } from "./languages.ts";

const TIMEOUT_SECONDS = 30;
/** A whole CPU: some attempts are much work. */
const MEMORY_MB = 1769;

/** A verb of the probes and its words: see fixtures/probe.py. */
export type Attempt = readonly string[];

/** What came of it: a value, or the kernel's refusal. */
export interface Outcome {
  readonly value?: string;
  readonly errno?: string;
}

export const { access, supervisorPid } = inject("prison");
export const user = createLambdaUser(access);

/** A word that nothing else has. */
export const secret = (what: string): string => `${what}-${randomBytes(8).toString("hex")}`;

/** Keys, tokens and passwords of this Paddock. */
export function ownSecrets(): string[] {
  // Written by Paddock as an object of texts.
  const all = JSON.parse(
    readFileSync(join(access.dataDirectory, "secrets.json"), "utf8"),
  ) as Record<string, string>;
  return Object.values(all);
}

/** Creates the function that does what its events say; test files may share it. */
export async function admit(
  name: string,
  language: Language,
  more: Partial<FunctionPlan> = {},
): Promise<void> {
  await admitCode(name, await probeIn(language), more);
}

export async function admitCode(
  name: string,
  { files, handler, runtime }: Code,
  { files: moreFiles, ...more }: Partial<FunctionPlan> = {},
): Promise<void> {
  const all: Record<string, ZipEntry> = { ...files, ...moreFiles };
  const plan = { FunctionName: name, Runtime: runtime, Handler: handler, files: all };
  try {
    await user.createFunction({
      Timeout: TIMEOUT_SECONDS,
      MemorySize: MEMORY_MB,
      ...plan,
      ...more,
    });
  } catch (error) {
    if (!(error instanceof ResourceConflictException)) throw error;
  }
}

/**
 * Has it make its attempts, one after the other, in one environment. The next call may find another
 * one: while an environment gets ready for its next event, a caller in a hurry is given a new one.
 */
export async function attempt(
  name: string,
  attempts: readonly Attempt[],
): Promise<readonly Outcome[]> {
  const { functionError, json, text } = await user.invoke(name, attempts);
  if (functionError !== undefined) throw new Error(`${name}: ${text}`);
  return json as readonly Outcome[]; // As the probes answer.
}

export async function attemptOne(name: string, ...one: Attempt): Promise<Outcome> {
  return (await attempt(name, [one]))[0] ?? {};
}

/** Makes an attempt that has to succeed; returns its value. */
export async function tell(name: string, ...one: Attempt): Promise<string> {
  const { errno, value } = await attemptOne(name, ...one);
  expect(errno).toBeUndefined();
  return value ?? "";
}

/** For what a function does not survive. */
export async function attemptLast(name: string, ...one: Attempt): Promise<Invoked> {
  return user.invoke(name, [one]);
}

const bystander = "bystander";

/** Another function on the same worker, which has to go on answering. */
export async function admitBystander(): Promise<void> {
  await admitCode(bystander, {
    runtime: "nodejs24.x",
    handler: "index.handler",
    files: { "index.mjs": "export const handler = async (event) => event;" },
  });
  await expectOthersServed();
}

export async function expectOthersServed(): Promise<void> {
  const event = { word: secret("word") };
  expect((await user.invoke(bystander, event)).json).toEqual(event);
}
