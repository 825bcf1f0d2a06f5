import { describe, expect, it } from "vitest";
import { parseCidr, planAddresses, SERVICE_ADDRESS } from "./address-plan.ts";
import { runtimeApi } from "./runtime-api.ts";

/** The setting's default. */
const RANGE = "169.254.192.0/18";

describe("the plan of addresses", () => {
  const plan = planAddresses(RANGE);

  it("has more sandboxes than a worker may have, and the uplinks above them", () => {
    expect(plan.sandboxes).toBe(16_384 - 256);
    expect(plan.sandbox(0)).toBe("169.254.192.0");
    expect(plan.sandbox(plan.sandboxes - 1)).toBe("169.254.254.255");
    expect(plan.uplink(0)).toEqual({
      machine: "169.254.255.1",
      router: "169.254.255.2",
      prefix: 30,
    });
    expect(plan.uplink(63).router).toBe("169.254.255.254");
  });

  it("leaves out the Runtime API, the service address and the clouds' metadata", () => {
    const { first, size } = parseCidr(RANGE);
    for (const address of [
      runtimeApi.address,
      SERVICE_ADDRESS,
      "169.254.169.254",
      "169.254.170.2",
    ]) {
      const value = parseCidr(`${address}/32`).first;
      expect(value >= first && value < first + size).toBe(false);
    }
  });

  it("refuses a range that is too small, and says how large it has to be", () => {
    expect(() => planAddresses("100.64.0.0/20")).toThrow("/19");
    expect(planAddresses("100.64.0.0/19").sandbox(256)).toBe("100.64.1.0");
  });

  it.each(["10.0.0.0", "10.0.0.0/33", "10.0.0.256/32", "10.0.0.1/24", "fc00::/7", "a.b.c.d/8", ""])(
    "refuses %s, which is no range",
    (text) => {
      expect(() => parseCidr(text)).toThrow("is not a range");
    },
  );
});
