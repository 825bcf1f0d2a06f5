import type { NatsTrigger, ScheduleTrigger } from "@paddock/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SubjectIndex } from "./subject-index.ts";
import { TriggerBook } from "./trigger-book.ts";

/** NATS's own rule, written down plainly: what the index must agree with. */
function fits(pattern: string, subject: string): boolean {
  const source = pattern
    .split(".")
    .map((token) => (token === "*" ? "[^.]+" : token === ">" ? ".+" : token))
    .join("\\.");
  return new RegExp(`^${source}$`).test(subject);
}

const token = fc.constantFrom("a", "b", "c");
const subject = fc.array(token, { minLength: 1, maxLength: 5 }).map((tokens) => tokens.join("."));
const pattern = fc
  .tuple(fc.array(fc.oneof(token, fc.constant("*")), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([tokens, takesRest]) => [...tokens, ...(takesRest ? [">"] : [])].join("."));

describe("SubjectIndex", () => {
  it("finds exactly the patterns that NATS would, after any additions and removals", () => {
    const changes = fc.array(fc.tuple(pattern, fc.boolean()), { maxLength: 40 });
    fc.assert(
      fc.property(changes, subject, (list, path) => {
        const index = new SubjectIndex<string>();
        const kept = new Set<string>();
        for (const [text, isAdded] of list) {
          if (isAdded) {
            index.add(text, `id of ${text}`, text);
            kept.add(text);
          } else {
            index.remove(text, `id of ${text}`);
            kept.delete(text);
          }
        }
        const expected = [...kept].filter((text) => fits(text, path));
        expect(index.match(path).sort()).toEqual(expected.sort());
      }),
      { numRuns: 500 },
    );
  });

  it("does not take > for a subject with nothing in its place", () => {
    const index = new SubjectIndex<string>();
    index.add("orders.>", "1", "rest");
    expect(index.match("orders")).toEqual([]);
    expect(index.match("orders.created.eu")).toEqual(["rest"]);
  });

  it("finds one among ten thousand", () => {
    const index = new SubjectIndex<number>();
    for (let n = 0; n < 10_000; n += 1) index.add(`source${n}.*.done`, String(n), n);
    expect(index.match("source4711.x.done")).toEqual([4711]);
  });
});

const trigger: NatsTrigger = {
  triggerId: "0b6c1e7e-6f0e-4b60-9f2e-1d2f3a4b5c6d",
  functionName: "hello",
  enabled: true,
  createdAtMs: 0,
  kind: "nats",
  subject: "orders.>",
};
const { triggerId } = trigger;

function functionsFor(book: TriggerBook, path: string, document: unknown = {}): string[] {
  const matches = book.candidates(path).filter(({ accepts }) => accepts(document));
  return matches.map((match) => match.trigger.functionName);
}

describe("TriggerBook", () => {
  it("fires enabled triggers whose subject and filter fit", () => {
    const book = new TriggerBook();
    book.set(triggerId, { ...trigger, filterPattern: '{"detail":{"id":[1]}}' });
    expect(functionsFor(book, "orders.created", { detail: { id: 1 } })).toEqual(["hello"]);
    expect(functionsFor(book, "orders.created", { detail: { id: 2 } })).toEqual([]);
    expect(functionsFor(book, "bills.created", { detail: { id: 1 } })).toEqual([]);
  });

  it("follows a trigger that is changed, switched off and deleted", () => {
    const book = new TriggerBook();
    book.set(triggerId, trigger);
    book.set(triggerId, { ...trigger, subject: "bills.*" });
    expect([functionsFor(book, "orders.x"), functionsFor(book, "bills.x")]).toEqual([
      [],
      ["hello"],
    ]);
    book.set(triggerId, { ...trigger, enabled: false });
    expect(functionsFor(book, "orders.x")).toEqual([]);
    book.set(triggerId, trigger);
    book.set(triggerId, undefined);
    expect([functionsFor(book, "orders.x"), book.size]).toEqual([[], 0]);
  });

  it("leaves out schedules, and a trigger whose filter is none", () => {
    const book = new TriggerBook();
    const { functionName, enabled, createdAtMs } = trigger;
    const schedule: ScheduleTrigger = {
      ...{ triggerId, functionName, enabled, createdAtMs },
      kind: "schedule",
      expression: "rate(1 minute)",
      timeZone: "UTC",
    };
    book.set(triggerId, schedule);
    expect(book.size).toBe(0);
    book.set(triggerId, trigger);
    expect(() => book.set(triggerId, { ...trigger, filterPattern: "[]" })).toThrow(
      "Invalid filter pattern definition.",
    );
    expect(functionsFor(book, "orders.x")).toEqual([]);
  });
});
