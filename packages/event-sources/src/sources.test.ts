/**
 * Every source folder is whole, and every golden fixture in it holds. A fixture's record is what
 * the source's `fromFixture` below reads; the event is compared as JSON text, byte for byte.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { translateUrlRequest } from "./function-url/translate.ts";
import { translateNatsRecord } from "./nats/translate.ts";
import { translateSchedule } from "./schedule/translate.ts";
import { UntranslatableRecordError } from "./untranslatable.ts";

const scope = { region: "us-east-1", accountId: "000000000000" };

const natsFixture = z.object({
  path: z.string(),
  payloadText: z.string().optional(),
  payloadBase64: z.string().optional(),
  streamSequence: z.number(),
  storedAtMs: z.number(),
});
const scheduleFixture = z.object({
  triggerId: z.string(),
  input: z.string().optional(),
  dueMs: z.number(),
});

const urlFixture = z.object({
  urlId: z.string(),
  domainName: z.string(),
  method: z.string(),
  target: z.string(),
  headers: z.array(z.string()),
  bodyText: z.string().optional(),
  bodyBase64: z.string().optional(),
  connection: z.object({
    sourceIp: z.string(),
    port: z.number(),
    protocol: z.enum(["http", "https"]),
  }),
  requestId: z.string(),
  traceHeader: z.string(),
  timeMs: z.number(),
  caller: z.object({ accessKeyId: z.string(), accountId: z.string(), arn: z.string() }).optional(),
});

const translators: Readonly<Record<string, (record: unknown) => string>> = {
  "function-url"(record) {
    const { bodyText, bodyBase64, caller, ...rest } = urlFixture.parse(record);
    const body =
      bodyBase64 === undefined ? Buffer.from(bodyText ?? "") : Buffer.from(bodyBase64, "base64");
    return translateUrlRequest({ ...rest, body, ...(caller === undefined ? {} : { caller }) });
  },
  nats(record) {
    const { payloadText, payloadBase64, ...rest } = natsFixture.parse(record);
    const payload =
      payloadBase64 === undefined
        ? Buffer.from(payloadText ?? "")
        : Buffer.from(payloadBase64, "base64");
    const event = translateNatsRecord({ ...rest, payload }, scope);
    expect(event.document).toEqual(JSON.parse(event.json));
    return event.json;
  },
  schedule(record) {
    const { dueMs, triggerId, input } = scheduleFixture.parse(record);
    const trigger = { triggerId, ...(input === undefined ? {} : { input }) };
    return translateSchedule({ trigger, dueMs }, scope);
  },
};

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe("source folders", () => {
  it("are those with a translator here", () => {
    expect(folders.sort()).toEqual(Object.keys(translators).sort());
  });

  it.each(folders)("%s has translate.ts, README.md and whole fixtures", (folder) => {
    const directory = join(import.meta.dirname, folder);
    expect(readdirSync(directory)).toEqual(
      expect.arrayContaining(["README.md", "fixtures", "translate.ts"]),
    );
    const names = readdirSync(join(directory, "fixtures"));
    const cases = (suffix: RegExp) =>
      names.filter((name) => suffix.test(name)).map((name) => name.replace(suffix, ""));
    expect(cases(/\.record\.json$/).length).toBeGreaterThan(0);
    expect(cases(/\.record\.json$/).sort()).toEqual(cases(/\.(event|error)\.txt$/).sort());
  });
});

const fixtures = folders.flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder, "fixtures"))
    .filter((name) => name.endsWith(".record.json"))
    .map((name) => [folder, name.replace(".record.json", "")] as const),
);

/** The event's JSON text, or why there is none. */
function outcome(folder: string, record: unknown): string | undefined {
  try {
    return translators[folder]?.(record);
  } catch (error) {
    if (error instanceof UntranslatableRecordError) return error.message;
    throw error;
  }
}

describe("golden fixtures", () => {
  it.each(fixtures)("%s: %s", (folder, name) => {
    const read = (suffix: string) =>
      readFileSync(
        join(import.meta.dirname, folder, "fixtures", `${name}.${suffix}`),
        "utf8",
      ).trimEnd();
    const golden = existsSync(join(import.meta.dirname, folder, "fixtures", `${name}.event.txt`))
      ? read("event.txt")
      : read("error.txt");
    expect(outcome(folder, JSON.parse(read("record.json")))).toBe(golden);
  });
});

describe("translateNatsRecord", () => {
  const record = { path: "orders.created", streamSequence: 7, storedAtMs: 1_790_000_000_123 };

  it("gives the same record the same id, and each other record another", () => {
    const id = (change: Partial<typeof record>) =>
      translateNatsRecord({ ...record, ...change, payload: Buffer.from("{}") }, scope).id;
    expect(id({})).toBe(id({}));
    const ids = [
      id({}),
      id({ streamSequence: 8 }),
      id({ storedAtMs: 1 }),
      id({ path: "orders.x" }),
    ];
    expect(new Set(ids).size).toBe(4);
  });

  it("takes a document up to 1 MiB and not one byte more", () => {
    const sized = (bytes: number) => {
      const empty = translateNatsRecord({ ...record, payload: Buffer.from('""') }, scope).json;
      const payload = Buffer.from(JSON.stringify("x".repeat(bytes - empty.length)));
      return translateNatsRecord({ ...record, payload }, scope);
    };
    expect(Buffer.byteLength(sized(1_048_576).json)).toBe(1_048_576);
    expect(() => sized(1_048_577)).toThrow("the event is larger than 1048576 bytes");
  });
});
