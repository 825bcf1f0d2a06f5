import { describe, expect, it } from "vitest";
import { allowListsOf, networkAccessOf } from "./function-networks.ts";

const networks = [
  { functions: ["open"], allow: [], lambdaApi: true },
  {
    functions: ["orders-*", "billing"],
    allow: [{ cidr: "10.1.0.0/16", ports: [5432, "8000-8010"], protocol: "tcp" as const }],
    lambdaApi: false,
  },
  { functions: ["*"], allow: [{ cidr: "192.168.0.0/16" }], lambdaApi: true },
];

describe("what a function may reach beyond the outside", () => {
  it("is what the first entry says that fits its name", () => {
    expect(networkAccessOf(networks, "open")).toEqual({ lambdaApi: true });
    const second = { allowList: "functionNetworks[1]", lambdaApi: false };
    expect(networkAccessOf(networks, "orders-eu")).toEqual(second);
    expect(networkAccessOf(networks, "billing")).toEqual(second);
    const third = { allowList: "functionNetworks[2]", lambdaApi: true };
    expect(networkAccessOf(networks, "billing-eu")).toEqual(third);
    expect(networkAccessOf(networks, "my-orders-eu")).toEqual(third);
  });

  it("is nothing where no entry fits", () => {
    expect(networkAccessOf(networks.slice(0, 2), "other")).toBeUndefined();
    expect(networkAccessOf([], "other")).toBeUndefined();
  });

  it("is made into one list for each entry that allows anything", () => {
    expect(allowListsOf(networks)).toEqual([
      {
        name: "functionNetworks[1]",
        allow: [
          {
            cidr: "10.1.0.0/16",
            ports: [
              { first: 5432, last: 5432 },
              { first: 8000, last: 8010 },
            ],
            protocol: "tcp",
          },
        ],
      },
      { name: "functionNetworks[2]", allow: [{ cidr: "192.168.0.0/16" }] },
    ]);
  });
});
