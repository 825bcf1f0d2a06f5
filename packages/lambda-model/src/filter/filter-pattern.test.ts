import { PaddockError } from "@paddock/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileFilterPattern } from "./filter-pattern.ts";

const document = {
  id: 300,
  name: "Anna",
  note: null,
  empty: "",
  paid: true,
  tags: ["red", "blue"],
  none: [],
  detail: { city: "Berlin", weightKg: 4.5, lines: [{ sku: "a" }, { sku: "b", count: 2 }] },
};

function matches(pattern: unknown): boolean {
  return compileFilterPattern(JSON.stringify(pattern))(document);
}

/** The result for a document, or the message of the error. */
function outcome(text: string, value: unknown): boolean | string {
  try {
    return compileFilterPattern(text)(value);
  } catch (error) {
    return error instanceof PaddockError ? error.message : `no error of ours: ${String(error)}`;
  }
}

describe("compileFilterPattern", () => {
  it.each([
    [{ id: [300] }, true],
    [{ id: ["300"] }, false],
    [{ name: ["Anna", "Bert"] }, true],
    [{ name: ["anna"] }, false],
    [{ note: [null] }, true],
    [{ name: [null] }, false],
    [{ missing: [null] }, false],
    [{ empty: [""] }, true],
    [{ paid: [true] }, true],
    [{ tags: ["blue"] }, true],
    [{ tags: ["green"] }, false],
    [{ detail: { city: ["Berlin"], weightKg: [4.5] } }, true],
    [{ detail: { city: ["Berlin"], weightKg: [5] } }, false],
    [{ detail: { lines: { sku: ["b"], count: [2] } } }, true],
    [{ detail: { lines: { sku: ["a"], count: [2] } } }, false],
    [{ detail: ["Berlin"] }, false],
    [{ name: { first: ["Anna"] } }, false],
    [{}, true],
  ])("matches values: %j is %s", (pattern, expected) => {
    expect(matches(pattern)).toBe(expected);
  });

  it.each([
    [{ name: [{ prefix: "An" }] }, true],
    [{ name: [{ prefix: "an" }] }, false],
    [{ name: [{ prefix: { "equals-ignore-case": "AN" } }] }, true],
    [{ name: [{ suffix: "na" }] }, true],
    [{ name: [{ "equals-ignore-case": "aNNa" }] }, true],
    [{ id: [{ prefix: "3" }] }, false],
    [{ name: [{ "anything-but": "Anna" }] }, false],
    [{ name: [{ "anything-but": ["Bert", 7] }] }, true],
    [{ name: [{ "anything-but": { prefix: "An" } }] }, false],
    [{ missing: [{ "anything-but": "x" }] }, false],
    [{ tags: [{ "anything-but": "red" }] }, true],
    [{ id: [{ numeric: ["=", 300] }] }, true],
    [{ id: [{ numeric: [">", 0, "<=", 300] }] }, true],
    [{ id: [{ numeric: [">=", 0, "<", 300] }] }, false],
    [{ name: [{ numeric: [">", 0] }] }, false],
    [{ name: [{ exists: true }] }, true],
    [{ name: [{ exists: false }] }, false],
    [{ missing: [{ exists: false }] }, true],
    [{ missing: { deeper: [{ exists: false }] } }, true],
    [{ missing: { deeper: [{ exists: true }] } }, false],
    [{ detail: [{ exists: true }] }, false],
    [{ none: [{ exists: true }] }, false],
    [{ missing: [{ exists: false }, "x"] }, true],
    [{ $or: [{ id: [1] }, { name: ["Anna"] }] }, true],
    [{ $or: [{ id: [1] }, { name: ["Bert"] }] }, false],
    [{ paid: [true], $or: [{ id: [300] }, { id: [1] }] }, true],
    [{ paid: [false], $or: [{ id: [300] }, { id: [1] }] }, false],
    [{ detail: { $or: [{ city: ["Rome"] }, { weightKg: [{ numeric: ["<", 5] }] }] } }, true],
  ])("applies operators: %j is %s", (pattern, expected) => {
    expect(matches(pattern)).toBe(expected);
  });

  it.each([
    '"single string"',
    "[]",
    "{",
    "",
    "null",
    '{"a":"b"}',
    '{"a":1}',
    '{"a":[]}',
    '{"a":[["b"]]}',
    '{"a":[{}]}',
    '{"a":[{"prefix":"x","suffix":"y"}]}',
    '{"a":[{"prefix":1}]}',
    '{"a":[{"like":"x"}]}',
    '{"a":[{"exists":"yes"}]}',
    '{"a":[{"numeric":[]}]}',
    '{"a":[{"numeric":["~",1]}]}',
    '{"a":[{"numeric":[">",5,"<",1]}]}',
    '{"a":[{"numeric":["<",5,">",1]}]}',
    '{"a":[{"numeric":["toString",1]}]}',
    '{"a":[{"anything-but":[]}]}',
    '{"a":[{"anything-but":[null]}]}',
    '{"$or":[{"a":[1]}]}',
    '{"$or":{"a":[1]}}',
    `{"a":["${"x".repeat(4096)}"]}`,
    `${'{"a":'.repeat(100)}[1]${"}".repeat(100)}`,
  ])("refuses %s in AWS's words", (text) => {
    expect(() => compileFilterPattern(text)).toThrow("Invalid filter pattern definition.");
  });

  it("lets the last of two equal keys win", () => {
    expect(compileFilterPattern('{"id":[1],"id":[300]}')(document)).toBe(true);
  });

  it("does not take what every object inherits for a field", () => {
    expect(compileFilterPattern('{"toString":[{"exists":false}]}')({})).toBe(true);
  });

  it("matches no document that is not an object", () => {
    expect(["x", 1, null, [document]].map(compileFilterPattern("{}"))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it("matches a document by each of its own scalars, and not when one differs", () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const flat = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), scalar, { minKeys: 1 });
    fc.assert(
      fc.property(flat, (fields) => {
        const pattern = Object.fromEntries(Object.entries(fields).map(([key, v]) => [key, [v]]));
        expect(compileFilterPattern(JSON.stringify(pattern))(fields)).toBe(true);
        const [key = ""] = Object.keys(fields);
        const other = { ...fields, [key]: `${String(fields[key])}-other` };
        expect(compileFilterPattern(JSON.stringify(pattern))(other)).toBe(false);
      }),
    );
  });

  it("is the opposite of anything-but for a list of texts", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.string(), (list, value) => {
        const either = compileFilterPattern(JSON.stringify({ a: list }));
        const neither = compileFilterPattern(JSON.stringify({ a: [{ "anything-but": list }] }));
        expect(either({ a: value })).toBe(!neither({ a: value }));
      }),
    );
  });

  it("answers any text with a test or with the one error", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.jsonValue(), (text, value) => {
        expect(outcome(text, value)).toBeOneOf([true, false, "Invalid filter pattern definition."]);
      }),
    );
  });
});
