import { describe, expect, it } from "vitest";
import { settingNames } from "./catalogue.ts";
import { checkSettings } from "./checks.ts";
import { resolveSettings, type SettingSources } from "./resolve.ts";

function check(sources: SettingSources): void {
  checkSettings(resolveSettings(settingNames, sources, 1000));
}

describe("rules over several settings", () => {
  it("is content with the defaults", () => {
    expect(() => check({})).not.toThrow();
  });

  it("refuses two servers on one port and says what would happen", () => {
    expect(() => check({ flags: { natsPort: "4574" } })).toThrow(
      "--nats-port and --port are both 4574: only one server can listen there, the other would not start.",
    );
  });

  it("does not mind the port of a server that is not started", () => {
    const flags = { natsPort: "4574", natsUrl: "nats://10.0.0.1:4222" };
    expect(() => check({ flags })).not.toThrow();
  });
});
