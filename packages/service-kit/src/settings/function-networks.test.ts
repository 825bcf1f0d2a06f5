import { describe, expect, it } from "vitest";
import { loadSettings, settingsEnvironment } from "./load-settings.ts";
import { resolveSettings, type SettingSources } from "./resolve.ts";

function read(sources: SettingSources): unknown {
  return resolveSettings(["functionNetworks"], sources, 1000).get("functionNetworks")?.value;
}

function readFile(functionNetworks: unknown): unknown {
  return read({ file: { functionNetworks } });
}

const orders = {
  functions: ["orders-*", "billing"],
  allow: [
    { cidr: "10.1.0.0/16", ports: [5432, "8000-8010"], protocol: "tcp" },
    { cidr: "192.168.7.7/32" },
  ],
  lambdaApi: true,
};

describe("what functions may reach", () => {
  it("is read from the file, and as JSON from a flag", () => {
    expect(readFile([orders])).toEqual([orders]);
    expect(read({ flags: { functionNetworks: JSON.stringify([orders]) } })).toEqual([orders]);
    expect(readFile([])).toEqual([]);
  });

  it("is nothing more where an entry does not say so", () => {
    expect(readFile([{ functions: ["*"] }])).toEqual([
      { functions: ["*"], allow: [], lambdaApi: false },
    ]);
  });

  it("survives the way through a child's environment", () => {
    const values = { functionNetworks: loadSettings(["functionNetworks"], {}).functionNetworks };
    expect(loadSettings(["functionNetworks"], settingsEnvironment(values))).toEqual(values);
    const environment = { PADDOCK_FUNCTION_NETWORKS: JSON.stringify([orders]) };
    const loaded = loadSettings(["functionNetworks"], environment);
    expect(loadSettings(["functionNetworks"], settingsEnvironment(loaded))).toEqual(loaded);
    expect(loaded.functionNetworks).toEqual([orders]);
  });

  it.each([
    [{ cidr: "10.1.0.1/16" }, "must be a range of IPv4 addresses"],
    [{ cidr: "10.1.0.0" }, "must be a range of IPv4 addresses"],
    [{ cidr: "fc00::/7" }, "must be a range of IPv4 addresses"],
    [{ cidr: "127.0.0.1/32" }, "must not list 127.0.0.0/8"],
    [{ cidr: "10.0.0.0/8", ports: [0] }, "must have ports"],
    [{ cidr: "10.0.0.0/8", ports: ["9-8"] }, "must have ports"],
    [{ cidr: "10.0.0.0/8", ports: [] }, "must have ports"],
    [{ cidr: "10.0.0.0/8", protocol: "icmp" }, "tcp or udp"],
    [{ cidr: "10.0.0.0/8", port: 80 }, "must be a list of entries"],
  ])("refuses %j", (destination, message) => {
    expect(() => readFile([{ functions: ["a"], allow: [destination] }])).toThrow(message);
  });

  it.each(["text", [{ functions: "a" }], [{ functions: ["a b"] }], [{ allow: [] }], { a: 1 }])(
    "refuses %j",
    (value) => {
      expect(() => readFile(value)).toThrow(/must be a list of entries|must name functions/);
    },
  );
});
