import { describe, expect, it } from "vitest";
import { changedAlias, isAliasOf, newAlias, toAwsAlias } from "./alias.ts";

let ids = 0;
const stamp = { nowMs: 0, newId: () => `id-${(ids += 1)}` };
const live = (more = {}) => newAlias("f", { Name: "live", FunctionVersion: "1", ...more }, stamp);
const split = (weights: Record<string, number>) => ({
  RoutingConfig: { AdditionalVersionWeights: weights },
});

describe("an alias", () => {
  it("has a description, empty where none was given, and no routing unless it splits traffic", () => {
    const alias = live();
    expect(toAwsAlias(alias, { region: "us-east-1", accountId: "000000000000" })).toEqual({
      AliasArn: "arn:aws:lambda:us-east-1:000000000000:function:f:live",
      Name: "live",
      FunctionVersion: "1",
      Description: "",
      RevisionId: alias.revisionId,
    });
  });

  it("refers to the version that it points to, and to the one that gets a share", () => {
    const alias = live(split({ "2": 0.25 }));
    expect(["1", "2", "3"].map((version) => isAliasOf(alias, version))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("keeps what an update leaves out, and has a new revision after any update", () => {
    const alias = live({ Description: "first", ...split({ "2": 0.25 }) });
    const same = changedAlias(alias, { Name: "live" }, stamp);
    expect(same).toEqual({ ...alias, revisionId: expect.not.stringMatching(alias.revisionId) });
    expect(changedAlias(alias, { Name: "live", RoutingConfig: {} }, stamp)).toMatchObject({
      description: "first",
      additionalVersionWeights: {},
    });
  });

  it.each([
    [
      { FunctionVersion: "1", ...split({ "2": 0.1, "3": 0.1 }) },
      "Number of items in AdditionalVersionWeights cannot be greater than 1",
    ],
    [
      { FunctionVersion: "1", ...split({ "1": 0.1 }) },
      "Invalid function version 1. Function version 1 is already included in routing configuration.",
    ],
    [
      { FunctionVersion: "$LATEST", ...split({ "1": 0.1 }) },
      "$LATEST is not supported for an alias pointing to more than 1 version",
    ],
  ])("cannot be %j", (more, message) => {
    expect(() => live(more)).toThrow(message);
    expect(() => changedAlias(live(), { Name: "live", ...more }, stamp)).toThrow(message);
  });

  it("cannot come to point twice to one version by an update of either", () => {
    const alias = live(split({ "2": 0.25 }));
    expect(() => changedAlias(alias, { Name: "live", FunctionVersion: "2" }, stamp)).toThrow(
      "already included in routing configuration",
    );
  });
});
