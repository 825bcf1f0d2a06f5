/** Scenario: payloads that are JSON and payloads that are not, and where they stop being it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findJsonProblem } from "./json-check.ts";

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

const problemOf = (text: string) => findJsonProblem(Buffer.from(text));

describe("findJsonProblem", () => {
  it("accepts every JSON value, however it is spaced", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, "\t"), (json, space) => {
        const spaced = JSON.stringify(JSON.parse(json), null, space);
        expect(problemOf(json)).toBeUndefined();
        expect(problemOf(` ${spaced}\r\n`)).toBeUndefined();
      }),
    );
  });

  it("agrees with JSON.parse about JSON in which bytes were changed", () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.json(), edits, (json, changes) => {
        const bytes = Buffer.from(json);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        expect(findJsonProblem(bytes) === undefined).toBe(isJson(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  it("agrees with JSON.parse about texts made of JSON's own pieces", () => {
    const piece = fc.constantFrom(
      ...'{}[],:"\\ \n'.split(""),
      ...[
        "1",
        "-",
        "0",
        ".5",
        "e+",
        "E9",
        "true",
        "nul",
        "null",
        '"a"',
        "\\u00e",
        "\\n",
        "é",
        "\u0001",
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        expect(problemOf(text) === undefined).toBe(isJson(Buffer.from(text)));
      }),
      { numRuns: 3000 },
    );
  });

  it("agrees with JSON.parse about any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
        expect(findJsonProblem(bytes) === undefined).toBe(isJson(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  it("takes nesting as deep as a payload can hold", () => {
    const depth = 3 * 1024 * 1024;
    expect(problemOf("[".repeat(depth) + "]".repeat(depth))).toBeUndefined();
  });

  it.each([
    [
      "{bad",
      1,
      "Unexpected character ('b' (code 98)): was expecting double-quote to start field name",
    ],
    [
      "<xml>",
      0,
      "Unexpected character ('<' (code 60)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    [
      "mystring",
      8,
      "Unrecognized token 'mystring': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    ["0D", 1, "Unexpected character ('D' (code 68)): Expected space separating root-level values"],
    [
      '{"a":1 "b"',
      7,
      "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries",
    ],
    [
      '{"a" 1}',
      5,
      "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
    ],
    [
      '"a\nb"',
      2,
      "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value",
    ],
    ['"a', 2, "Unexpected end-of-input: was expecting closing quote for a string value"],
    [
      "ሴ",
      0,
      "Unexpected character ('ሴ' (code 4660 / 0x1234)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    ["  ", 2, "No content to map due to end-of-input"],
  ])("says of %j what and where", (text, at, expected) => {
    expect(problemOf(text)).toEqual({ at, text: expected });
  });

  it("names the byte that is no UTF-8", () => {
    expect(findJsonProblem(Buffer.from([0x22, 0x87, 0x22]))).toEqual({
      at: 1,
      text: "Invalid UTF-8 start byte 0x87",
    });
    expect(findJsonProblem(Buffer.from([0x22, 0xc3, 0x22]))).toEqual({
      at: 2,
      text: "Invalid UTF-8 middle byte 0x22",
    });
  });
});
