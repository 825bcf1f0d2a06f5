import { describe, expect, it } from "vitest";
import { z } from "zod";
import { decodeMessage, encodeMessage, MalformedMessageError } from "./frame.ts";
import { busLimits } from "./limits.ts";

const shape = { schema: z.object({ name: z.string() }), encoding: "frame" as const };

describe("a frame", () => {
  it("gives back document and payload, with any bytes in both", () => {
    const payload = new Uint8Array([0, 255, 123, 10]);
    const bytes = encodeMessage(shape, { name: "grüße ✓" }, payload);
    const decoded = decodeMessage(shape, bytes);
    expect(decoded.document).toEqual({ name: "grüße ✓" });
    expect([...decoded.payload]).toEqual([...payload]);
  });

  it("begins with the document's length, big endian", () => {
    const bytes = encodeMessage(shape, { name: "x" });
    expect([...bytes.subarray(0, 4)]).toEqual([0, 0, 0, '{"name":"x"}'.length]);
  });

  it("is read where it lies inside a larger buffer", () => {
    const bytes = encodeMessage(shape, { name: "x" }, new Uint8Array([7]));
    const around = Buffer.concat([Buffer.from("before"), bytes, Buffer.from("after")]);
    const view = new Uint8Array(around.buffer, around.byteOffset + 6, bytes.length);
    expect([...decodeMessage(shape, view).payload]).toEqual([7]);
  });

  it.each([
    ["nothing", []],
    ["less than a length", [0, 0, 1]],
    ["a length beyond the end", [0, 0, 0, 9, 123]],
    ["a length beyond the bound", [255, 255, 255, 255, 123]],
    ["no JSON", [0, 0, 0, 1, 120]],
    ["another document", [0, 0, 0, 2, 123, 125]],
  ])("of %s is malformed", (_name, bytes) => {
    expect(() => decodeMessage(shape, new Uint8Array(bytes))).toThrow(MalformedMessageError);
  });

  it("is not made of a document beyond the bound", () => {
    const name = "x".repeat(busLimits.frameDocumentBytes);
    expect(() => encodeMessage(shape, { name })).toThrow(RangeError);
  });
});
