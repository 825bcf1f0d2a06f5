import { describe, expect, it } from "vitest";
import { parseResolvers } from "./resolvers.ts";

describe("the machine's name servers", () => {
  it("are read from resolv.conf, three at the most, in their order", () => {
    const text =
      "# nameserver 1.1.1.1\nsearch example.com\nnameserver 127.0.0.53\n  nameserver\tfe80::1%eth0 \n" +
      "nameserver not-an-address\nnameserver ::1\nnameserver 10.0.0.53\noptions edns0\n";
    expect(parseResolvers(text)).toEqual(["127.0.0.53", "fe80::1%eth0", "::1"]);
  });

  it("may be none", () => {
    expect(parseResolvers("")).toEqual([]);
  });
});
