import { limits } from "@paddock/contracts";
import { describe, expect, it } from "vitest";
import { checkEvent } from "./event-check.ts";
import type { InvocationType } from "./invocation-options.ts";

function refusal(body: Uint8Array, type: InvocationType): string {
  try {
    checkEvent(body, type);
    return "accepted";
  } catch (error) {
    return String(error);
  }
}

describe("checkEvent", () => {
  it("gives the function an empty object where no body came", () => {
    expect(Buffer.from(checkEvent(new Uint8Array(), "RequestResponse")).toString()).toBe("{}");
    expect(Buffer.from(checkEvent(new Uint8Array(), "Event")).toString()).toBe("{}");
  });

  it("hands on the same bytes, without a copy", () => {
    const body = Buffer.from('{ "a" : 1.0 }');
    expect(checkEvent(body, "RequestResponse")).toBe(body);
  });

  it("holds synchronous events to 6 MiB and asynchronous ones to 1 MiB", () => {
    const json = (bytes: number) => Buffer.from(`"${"a".repeat(bytes - 2)}"`);
    expect(refusal(json(limits.syncRequestPayloadBytes), "RequestResponse")).toBe("accepted");
    expect(refusal(json(limits.asyncRequestPayloadBytes), "Event")).toBe("accepted");
    expect(refusal(json(limits.syncRequestPayloadBytes + 1), "RequestResponse")).toBe(
      "PaddockError: 6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)",
    );
    expect(refusal(json(limits.asyncRequestPayloadBytes + 1), "Event")).toBe(
      "PaddockError: 1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
    );
  });

  it("names line and column of what is not JSON", () => {
    const text =
      "Could not parse request body into json: Could not parse payload into json: Unexpected character ('x' (code 120)): was expecting double-quote to start field name\n" +
      " at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 3, column: 2]";
    expect(refusal(Buffer.from('{"a":1,\n\n x'), "Event")).toBe(`PaddockError: ${text}`);
  });

  it("does not read the event of a dry run", () => {
    expect(refusal(Buffer.from("no json"), "DryRun")).toBe("accepted");
  });
});
