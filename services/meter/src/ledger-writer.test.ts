/** The writer against a ledger in memory: what is acknowledged when. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupByRows } from "./core/groups.ts";
import { withStorableText } from "./core/storable-text.ts";
import { LedgerWriter } from "./ledger-writer.ts";
import { meterLimits } from "./limits.ts";
import { type LedgerMessage, UnacceptableRowError } from "./ports.ts";

interface Row {
  readonly id: number;
  readonly text: string;
}

function workshop() {
  const stored: Row[] = [];
  const log: string[] = [];
  let isAway = false;
  const writer = new LedgerWriter<Row>(
    (rows) => {
      if (isAway) return Promise.reject(new Error("away"));
      // As PostgreSQL: one bad row fails the statement.
      const isBad = rows.some(({ id, text }) => id < 0 || text.includes("\u0000"));
      if (isBad) return Promise.reject(new UnacceptableRowError("bad"));
      stored.push(...rows);
      return Promise.resolve();
    },
    {
      ledgerAway: () => log.push("away"),
      ledgerBack: () => log.push("back"),
      unacceptable: (row) => log.push(`unacceptable ${JSON.stringify(row)}`),
    },
  );
  const message = (rows: readonly Row[], redeliveries = 0): LedgerMessage<Row> => ({
    rows,
    redeliveries,
    ack: () => log.push(`ack ${rows.length}`),
    retry: (delayMs) => log.push(`retry after ${delayMs}`),
  });
  const setAway = (value: boolean): void => {
    isAway = value;
  };
  return { writer, message, stored, log, setAway };
}

const rows = (...ids: number[]): Row[] => ids.map((id) => ({ id, text: "x" }));

describe("LedgerWriter", () => {
  it("acknowledges messages after their rows were written", async () => {
    const { writer, message, stored, log } = workshop();
    await writer.handle([message(rows(1, 2)), message(rows(3))]);
    expect([stored.map(({ id }) => id), log]).toEqual([
      [1, 2, 3],
      ["ack 2", "ack 1"],
    ]);
  });

  it("sends messages back with a growing, bounded pause while the ledger is away", async () => {
    const { writer, message, log, setAway } = workshop();
    setAway(true);
    await writer.handle([message(rows(1)), message(rows(2), 2), message(rows(3), 1e6)]);
    expect(log).toEqual(["away", "retry after 250", "retry after 1000", "retry after 5000"]);
    expect(writer.isAway).toBe(true);
  });

  it("says once that the ledger is away, and once that it is back", async () => {
    const { writer, message, log, setAway } = workshop();
    setAway(true);
    await writer.handle([message(rows(1))]);
    await writer.handle([message(rows(1))]);
    setAway(false);
    await writer.handle([message(rows(1))]);
    await writer.handle([message(rows(2))]);
    expect(log.filter((line) => !line.startsWith("retry"))).toEqual([
      "away",
      "back",
      "ack 1",
      "ack 1",
    ]);
  });

  it("counts all other rows when one is unacceptable, and reports that one whole", async () => {
    const { writer, message, stored, log } = workshop();
    await writer.handle([message(rows(1, 2, -3, 4)), message(rows(5))]);
    expect(stored.map(({ id }) => id).toSorted((one, other) => one - other)).toEqual([1, 2, 4, 5]);
    expect(log).toEqual(['unacceptable {"id":-3,"text":"x"}', "ack 4", "ack 1"]);
  });

  it("stores a row whose text holds NUL with U+FFFD in its place", async () => {
    const { writer, message, stored, log } = workshop();
    await writer.handle([
      message([
        { id: 1, text: "a\u0000b" },
        { id: 2, text: "c" },
      ]),
    ]);
    expect(stored.map(({ text }) => text)).toEqual(["a\ufffdb", "c"]);
    expect(log).toEqual(["ack 2"]);
  });
});

describe("groupByRows", () => {
  it("keeps all messages in order, in groups within the bound but for one large message", () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 1024 }), { maxLength: 100 });
    fc.assert(
      fc.property(sizes, (list) => {
        const messages = list.map((size, index) => ({
          index,
          rows: Array.from({ length: size }, () => 0),
        }));
        const groups = groupByRows(messages, 500);
        expect(groups.flat()).toEqual(messages);
        for (const group of groups) {
          const total = group.reduce((sum, message) => sum + message.rows.length, 0);
          expect(group.length === 1 || total <= 500).toBe(true);
          expect(group.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("has a bound that one message of LEDGER fits", () => {
    expect(meterLimits.groupRows).toBeGreaterThanOrEqual(1024);
  });
});

describe("withStorableText", () => {
  it("changes nothing but NUL", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        fc.pre(!JSON.stringify(plain).includes("\\u0000"));
        expect(withStorableText(plain)).toEqual(plain);
      }),
    );
    expect(withStorableText({ a: ["\u0000"] })).toEqual({ a: ["\ufffd"] });
  });
});
