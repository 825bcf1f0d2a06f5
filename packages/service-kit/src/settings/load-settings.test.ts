import { describe, expect, it } from "vitest";
import { loadSettings, settingsEnvironment } from "./load-settings.ts";

describe("a service's settings", () => {
  it("are the asked ones only, and frozen to the bottom", () => {
    const settings = loadSettings(["asyncRetryDelaysSeconds"], { PADDOCK_PORT: "1" });
    expect(settings).toEqual({ asyncRetryDelaysSeconds: [60, 120] });
    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.isFrozen(settings.asyncRetryDelaysSeconds)).toBe(true);
  });

  it("are refused when something that paddock up supplies is missing", () => {
    expect(() => loadSettings(["natsUrl", "redisUrl"], {})).toThrow(
      /PADDOCK_NATS_URL is not set.*\nPADDOCK_REDIS_URL is not set/,
    );
  });

  it("survive the way through a child's environment", () => {
    const values = {
      asyncRetryDelaysSeconds: [1, 2],
      port: 5000,
      region: "eu-central-1",
      natsUrl: undefined,
    };
    const environment = settingsEnvironment(values);
    expect(Object.keys(environment)).not.toContain("PADDOCK_NATS_URL");
    expect(loadSettings(["asyncRetryDelaysSeconds", "port", "region"], environment)).toEqual({
      asyncRetryDelaysSeconds: [1, 2],
      port: 5000,
      region: "eu-central-1",
    });
  });
});
