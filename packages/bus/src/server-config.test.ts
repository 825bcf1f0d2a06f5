import { limits } from "@paddock/contracts";
import { describe, expect, it } from "vitest";
import { busLimits } from "./limits.ts";
import { natsServerConfig } from "./server-config.ts";

const text = natsServerConfig({
  host: "127.0.0.1",
  port: 4222,
  storeDirectory: "/data/nats",
  password: 'with "quotes"',
});
const figureOf = (name: string): number =>
  Number(new RegExp(`^\\s*${name}: (\\d+)$`, "m").exec(text)?.[1]);

describe("the server's configuration", () => {
  it("holds the figures that services rely on", () => {
    expect(figureOf("max_payload")).toBe(limits.busMessageBytes);
    expect(figureOf("max_file_store")).toBe(busLimits.fileStoreBytes);
  });

  it("has room for the bounds of all streams", () => {
    const { acceptedStreamBytes, ledgerStreamBytes, logsStreamBytes, eventsStreamBytes } =
      busLimits;
    const bounds = [acceptedStreamBytes, ledgerStreamBytes, logsStreamBytes, eventsStreamBytes];
    const sum = bounds.reduce((a, b) => a + b, busLimits.codeStoreBytes);
    expect(busLimits.fileStoreBytes).toBeGreaterThan(sum);
  });

  it("leaves no placeholder and quotes what it is given", () => {
    const settings = text.split("\n").filter((line) => !line.trimStart().startsWith("#"));
    expect(settings.join("\n")).not.toContain("${");
    expect(text).toContain(JSON.stringify('with "quotes"'));
  });
});
