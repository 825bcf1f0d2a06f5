/**
 * Scenario: a function breaks the rules between itself and its runtime: it answers twice, too late or
 * never, hangs up, or talks rubbish. It gets AWS's error for it, nobody else notices, its next
 * invocation is served, and gets its own answer.
 */
import { eventually } from "@paddock/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { calmHoldings, expectNoMoreThan, type Holdings } from "./support/holdings.ts";
import { type Language, languages } from "./support/languages.ts";
import {
  admit,
  admitBystander,
  type Attempt,
  attempt,
  expectOthersServed,
  secret,
  tell,
  user,
} from "./support/prison.ts";

const TIMEOUT_SECONDS = 2;
/** See persistence.test.ts: nothing of the stock of booted processes is used. */
const ownBoot = { Environment: { Variables: { LANG: "C.UTF-8" } } };
const nameIn = (language: Language): string => `${language}-rulebreaker`;
let before: Holdings;

/**
 * Not one that it gave too late to an event before. Code that forges the answers of its own runtime
 * may spoil one more invocation of its own, until what it does is noticed.
 */
async function expectOwnAnswer(name: string): Promise<void> {
  const word = secret("word");
  await eventually(async () => {
    const answer = await attempt(name, [
      ["setenv", "WORD", word],
      ["getenv", "WORD"],
    ]);
    expect(answer).toEqual([{ value: "set" }, { value: word }]);
  });
}

describe.each(languages)("a function (%s)", (language) => {
  const name = nameIn(language);

  beforeEach(async () => {
    await admitBystander();
    await admit(name, language, { Timeout: TIMEOUT_SECONDS, ...ownBoot });
    await tell(name, "getenv", "HOME");
    before = await calmHoldings();
  });

  afterEach(async () => {
    await Promise.all([expectOthersServed(), expectNoMoreThan(before)]);
    await expectOwnAnswer(name);
  });

  const invoke = (...attempts: readonly Attempt[]) => user.invoke(name, attempts);

  it("that answers twice has answered the first time", async () => {
    const answer = await invoke(["answer-ahead", "first"], ["sleep", "0"]);
    expect(answer).toMatchObject({ status: 200, functionError: undefined, json: "first" });
  });

  it.each([
    ["never answers", ["hang"]],
    ["would answer after its time-out", ["sleep", String(TIMEOUT_SECONDS + 1)]],
  ])("that %s is timed out", async (_what, words: Attempt) => {
    const { json, log, requestId, status } = await user.invokeWithLog(name, [words]);
    expect(status).toBe(200);
    expect(json).toEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 2.00 seconds`,
    });
    // Not a moment early.
    const duration = Number(/\tDuration: ([\d.]+) ms\t/.exec(log)?.[1]);
    expect(duration).toBeGreaterThanOrEqual(TIMEOUT_SECONDS * 1000);
  });

  it("that hangs up gets an error of the runtime", async () => {
    const { functionError, json } = await invoke(["close-runtime"], ["sleep", "1"]);
    expect(functionError).toBe("Unhandled");
    const types = ["Runtime.ExitError", "Runtime.TruncatedResponse"];
    expect(types).toContain(json.errorType);
  });

  it("that talks rubbish to its runtime harms itself at the most", async () => {
    const { json, status } = await invoke(["rubbish"], ["sleep", "1"]);
    expect(status).toBe(200);
    // The HTTP API closes that connection and goes on; the socket of our bootstraps is the only one.
    if (language === "native") expect(json[1]).toEqual({ value: "slept" });
    else expect(json.errorType).toBe("Runtime.ExitError");
  });
});
