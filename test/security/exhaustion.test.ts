/**
 * Scenario: a function takes all it can get of what the machine has: processes, memory, descriptors,
 * space in shared memory, log. It meets its own limit; the function next door notices nothing.
 */
import { DeleteFunctionCommand } from "@aws-sdk/client-lambda";
import { eventually } from "@paddock/testkit";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { logOf } from "./support/admin.ts";
import { calmHoldings, expectNoMoreThan, type Holdings } from "./support/holdings.ts";
import { type Language, languages } from "./support/languages.ts";
import { admit, admitBystander, expectOthersServed, secret, tell, user } from "./support/prison.ts";

const PRINTED_MB = 100;
const LINES_PER_MB = 1024;
const PRINTED_LINE = `${"x".repeat(1023)}\n`;
const LOG_WITHIN_MS = 30_000;
/** A thousand processes are much work for a machine that has more to do. */
const PATIENCE_MS = 180_000;
const FUNCTION_SECONDS = 120;
const PROCESSES = 1024;
const OPEN_FILES = 1024;
const nameIn = (language: Language): string => `${language}-glutton`;
/** See persistence.test.ts: nothing of the stock of booted processes is used. */
const ownBoot = { Environment: { Variables: { LANG: "C.UTF-8" } } };
let before: Holdings;

beforeAll(async () => {
  await admitBystander();
  for (const language of languages) {
    await admit(nameIn(language), language, { ...ownBoot, Timeout: FUNCTION_SECONDS });
  }
});

describe.each(languages)("a function (%s)", { timeout: PATIENCE_MS }, (language) => {
  const name = nameIn(language);

  beforeEach(async () => {
    await tell(name, "getenv", "HOME");
    before = await calmHoldings();
  });

  afterEach(async () => {
    await Promise.all([expectOthersServed(), expectNoMoreThan(before)]);
  });

  /** Others are served while it takes, not only afterwards. */
  async function takeWhileOthersAreServed(...words: readonly string[]) {
    const taking = user.invokeWithLog(name, [["take", ...words]]);
    await expectOthersServed();
    return taking;
  }

  it("gets 1,024 processes and threads, and no more", async () => {
    const { json } = await takeWhileOthersAreServed("processes");
    const [count, errno] = String(json[0].value).split(" ");
    expect(errno).toBe("EAGAIN");
    expect(Number(count)).toBeLessThanOrEqual(PROCESSES);
    // Threads of its runtime are among them.
    expect(Number(count)).toBeGreaterThan(PROCESSES - 64);
  });

  it("gets 1,024 descriptors, and no more", async () => {
    const { json } = await takeWhileOthersAreServed("descriptors");
    const [count, errno] = String(json[0].value).split(" ");
    expect(errno).toBe("EMFILE");
    expect(Number(count)).toBeLessThan(OPEN_FILES);
    expect(Number(count)).toBeGreaterThan(OPEN_FILES - 64);
  });

  it("that takes more memory than it has is ended, and its REPORT says what it used", async () => {
    const { json, log } = await takeWhileOthersAreServed("memory", "2000");
    expect(json.errorType).toBe("Runtime.ExitError");
    expect(json.errorMessage).toMatch(/Runtime exited with error: signal: killed$/);
    expect(log).toMatch(/\tMemory Size: 1769 MB\tMax Memory Used: 1769 MB\t/);
  });

  it("that fills shared memory is told that it is full", async () => {
    const { json } = await takeWhileOthersAreServed("/dev/shm/full", "1000");
    expect(json).toEqual([{ value: expect.stringMatching(/^6[0-4] ENOSPC$/) }]);
  });

  it("that prints 100 MB is answered, and its log says what it does not hold of it", async () => {
    const printer = `${language}-${secret("printer")}`;
    await admit(printer, language, { ...ownBoot, Timeout: FUNCTION_SECONDS });
    const taking = user.invoke(printer, [["take", "log", String(PRINTED_MB)]]);
    await expectOthersServed();
    expect((await taking).json).toEqual([{ value: String(PRINTED_MB) }]);
    await eventually(
      async () => {
        const lines = await logOf(printer);
        const kept = lines.filter((line) => line === PRINTED_LINE).length;
        expect(kept).toBeGreaterThan(0);
        expect(kept + droppedIn(lines)).toBe(PRINTED_MB * LINES_PER_MB);
        expect(lines.some((line) => line.startsWith("REPORT RequestId: "))).toBe(true);
      },
      { timeoutMs: LOG_WITHIN_MS },
    );
    await user.client.send(new DeleteFunctionCommand({ FunctionName: printer }));
  });
});

/** Lines that notes in the log say are missing. */
function droppedIn(lines: readonly string[]): number {
  const notes = lines.filter((line) => line.includes('"platform.logsDropped"'));
  return notes.reduce((sum, line) => {
    // As the worker writes it: spec of the Telemetry API.
    const { record } = JSON.parse(line) as { record: { droppedRecords: number } };
    return sum + record.droppedRecords;
  }, 0);
}
