import { describe, expect, it } from "vitest";
import { Policies } from "./policies.ts";

const [one, two] = [
  { name: "one", allow: [] },
  { name: "two", allow: [] },
];
const policies = new Policies([one, two]);

describe("policies as groups of devices", () => {
  it("leave a sandbox that may reach nothing more where every device is", () => {
    expect(policies.groupOf({})).toBeUndefined();
    expect(policies.groupOf({ lambdaApi: false })).toBeUndefined();
  });

  it("give each list two groups, of which one has the Lambda API too, and none the devices' own", () => {
    const all = [one, two].flatMap(({ name }) => [
      policies.groupOf({ allowList: name }),
      policies.groupOf({ allowList: name, lambdaApi: true }),
    ]);
    expect(all).toEqual([...policies.groupsOf(one), ...policies.groupsOf(two)]);
    const groups = [...all, policies.groupOf({ lambdaApi: true })];
    expect(new Set(groups).size).toBe(5);
    expect(groups).not.toContain(0);
  });

  it("know which groups have the Lambda API", () => {
    const withApi = [{}, { allowList: "one" }, { allowList: "two" }].map((access) =>
      policies.groupOf({ ...access, lambdaApi: true }),
    );
    expect(policies.groupsWithLambdaApi()).toEqual(withApi);
  });

  it("refuse a list that does not exist", () => {
    expect(() => policies.groupOf({ allowList: "three" })).toThrow("no allow-list three");
  });
});
