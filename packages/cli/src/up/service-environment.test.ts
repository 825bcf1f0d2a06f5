import { describe, expect, it } from "vitest";
import { CommandSettings } from "../settings/command-settings.ts";
import { basicEnvironment, serviceEnvironment } from "./service-environment.ts";

describe("a service's environment", () => {
  const settings = new CommandSettings({
    flags: { port: "5000", healthPort: "9000" },
    supplied: { natsUrl: "nats://127.0.0.1:1", adminToken: "a-token-of-some-length" },
  });

  it("holds the settings, and of the secrets those of its entry only", () => {
    const environment = serviceEnvironment({ secrets: ["natsUrl"] }, settings, { PATH: "/bin" });
    expect(environment).toMatchObject({
      PATH: "/bin",
      PADDOCK_PORT: "5000",
      PADDOCK_NATS_URL: "nats://127.0.0.1:1",
    });
    expect(environment).not.toHaveProperty("PADDOCK_ADMIN_TOKEN");
  });

  it("leaves out the health port, which only one of them could have", () => {
    const environment = serviceEnvironment({ secrets: [] }, settings, {});
    expect(environment).not.toHaveProperty("PADDOCK_HEALTH_PORT");
  });

  it("does not pass on the user's own AWS credentials", () => {
    const environment = { PATH: "/bin", AWS_SECRET_ACCESS_KEY: "theirs", HOME: undefined };
    expect(basicEnvironment(environment)).toEqual({ PATH: "/bin" });
  });
});
