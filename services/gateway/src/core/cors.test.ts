import { describe, expect, it } from "vitest";
import { corsHeaders, isPreflight, preflightHeaders } from "./cors.ts";

const origin = "https://shop.example";

describe("CORS of a function URL", () => {
  it("says nothing to an origin that is not allowed, or to none", () => {
    const rules = { allowOrigins: ["https://other.example"] };
    expect(corsHeaders(rules, origin)).toEqual([]);
    expect(preflightHeaders(rules, origin)).toEqual([]);
    expect(corsHeaders({ allowOrigins: ["*"] }, undefined)).toEqual([]);
    expect(corsHeaders({}, origin)).toEqual([]);
  });

  it("allows everybody, a scheme, or one origin", () => {
    expect(corsHeaders({ allowOrigins: ["*"] }, origin)).toEqual([
      "Access-Control-Allow-Origin",
      "*",
    ]);
    for (const allowOrigins of [["https://*"], [origin]]) {
      expect(corsHeaders({ allowOrigins }, origin)).toEqual([
        ...["Access-Control-Allow-Origin", origin],
        ...["Vary", "Origin"],
      ]);
    }
  });

  it("names the origin where credentials are allowed, as browsers want it", () => {
    expect(corsHeaders({ allowOrigins: ["*"], allowCredentials: true }, origin)).toEqual([
      ...["Access-Control-Allow-Origin", origin],
      ...["Vary", "Origin"],
      ...["Access-Control-Allow-Credentials", "true"],
    ]);
  });

  it("tells a preflight what may be sent, and everybody what may be read", () => {
    const rules = {
      allowOrigins: ["*"],
      allowMethods: ["GET", "POST"],
      allowHeaders: ["x-one", "x-two"],
      exposeHeaders: ["x-three"],
      maxAgeSeconds: 60,
    };
    expect(preflightHeaders(rules, origin)).toEqual([
      ...["Access-Control-Allow-Origin", "*"],
      ...["Access-Control-Expose-Headers", "x-three"],
      ...["Access-Control-Allow-Methods", "GET,POST"],
      ...["Access-Control-Allow-Headers", "x-one,x-two"],
      ...["Access-Control-Max-Age", "60"],
    ]);
  });

  it("knows a preflight by its three signs", () => {
    const headers = { origin, "access-control-request-method": "PUT" };
    expect(isPreflight("OPTIONS", headers)).toBe(true);
    expect(isPreflight("GET", headers)).toBe(false);
    expect(isPreflight("OPTIONS", { origin })).toBe(false);
  });
});
