import { describe, expect, it } from "vitest";
import { layerArn, parseLayerReference } from "./layer-arn.ts";

const scope = { region: "us-east-1", accountId: "000000000000" };

describe("a layer's ARN", () => {
  it("names the layer, or one of its versions, and is read back as what it was made of", () => {
    expect(layerArn(scope, "tools")).toBe("arn:aws:lambda:us-east-1:000000000000:layer:tools");
    expect(parseLayerReference(layerArn(scope, "tools"))).toEqual({ scope, layerName: "tools" });
    expect(parseLayerReference(layerArn(scope, "tools", 3))).toEqual({
      scope,
      layerName: "tools",
      versionNumber: 3,
    });
  });

  it("may be a bare name, and nothing else", () => {
    expect(parseLayerReference("tools_2-x")).toEqual({ layerName: "tools_2-x" });
    for (const text of ["", "a b", "arn:aws:lambda:us-east-1:000000000000:function:f", "tools:3"]) {
      expect(parseLayerReference(text)).toBeUndefined();
    }
  });
});
