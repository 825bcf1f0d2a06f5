import { describe, expect, it } from "vitest";
import { checkLayerList, checkUnzippedTogether } from "./layer.ts";

const arn = (name: string, version: number) =>
  `arn:aws:lambda:us-east-1:000000000000:layer:${name}:${version}`;

describe("the layers of a function", () => {
  it("are five at the most", () => {
    const names = ["a", "b", "c", "d", "e"].map((name) => arn(name, 1));
    expect(() => checkLayerList(names)).not.toThrow();
    expect(() => checkLayerList([...names, arn("f", 1)])).toThrow(
      "Cannot reference more than 5 layers.",
    );
  });

  it("are of different layers", () => {
    expect(() => checkLayerList([arn("a", 1), arn("b", 1), arn("a", 2)])).toThrow(
      `Two different versions of the same layer are not allowed to be referenced in the same function. ${arn("a", 1)} and ${arn("a", 2)} are versions of the same layer.`,
    );
  });

  it("have 250 MB together with the function's code", () => {
    expect(() => checkUnzippedTogether([262_143_999, 1])).not.toThrow();
    expect(() => checkUnzippedTogether([262_143_999, 1, 1])).toThrow(
      "Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual size is 262144001 bytes.",
    );
  });
});
