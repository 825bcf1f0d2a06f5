import { limits } from "@paddock/contracts";
import { describe, expect, it } from "vitest";
import { gatewayLimits } from "../limits.ts";
import { checkEvent, checkEventSize, eventLimitOf } from "./event-check.ts";

const sync = eventLimitOf("Invoke", "RequestResponse");
const async = eventLimitOf("Invoke", "Event");
const old = eventLimitOf("InvokeAsync", "Event");

function refusal(body: Uint8Array, limit = sync): string {
  try {
    checkEvent(body, limit);
    return "accepted";
  } catch (error) {
    return String(error);
  }
}

describe("checkEvent", () => {
  it("gives the function an empty object where no body came", () => {
    expect(Buffer.from(checkEvent(new Uint8Array(), sync)).toString()).toBe("{}");
    expect(Buffer.from(checkEvent(new Uint8Array(), async)).toString()).toBe("{}");
  });

  it("hands on the same bytes, without a copy", () => {
    const body = Buffer.from('{ "a" : 1.0 }');
    expect(checkEvent(body, sync)).toBe(body);
  });

  it("holds synchronous events to 6 MiB and asynchronous ones to 1 MiB", () => {
    const json = (bytes: number) => Buffer.from(`"${"a".repeat(bytes - 2)}"`);
    expect(refusal(json(limits.syncRequestPayloadBytes), sync)).toBe("accepted");
    expect(refusal(json(limits.asyncRequestPayloadBytes), async)).toBe("accepted");
    expect(refusal(json(limits.syncRequestPayloadBytes + 1), sync)).toBe(
      "PaddockError: 6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)",
    );
    expect(refusal(json(limits.asyncRequestPayloadBytes + 1), async)).toBe(
      "PaddockError: 1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
    );
  });

  it("names line and column of what is not JSON", () => {
    const text =
      "Could not parse request body into json: Could not parse payload into json: Unexpected character ('x' (code 120)): was expecting double-quote to start field name\n" +
      " at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 3, column: 2]";
    expect(refusal(Buffer.from('{"a":1,\n\n x'), async)).toBe(`PaddockError: ${text}`);
  });

  it("holds events of InvokeAsync to 256 KiB", () => {
    const json = (bytes: number) => Buffer.from(`"${"a".repeat(bytes - 2)}"`);
    expect(refusal(json(gatewayLimits.invokeAsyncBytes), old)).toBe("accepted");
    expect(refusal(json(gatewayLimits.invokeAsyncBytes + 1), old)).toBe(
      "PaddockError: 262145 byte payload is too large for the Event invocation type (limit 262144 bytes)",
    );
  });
});

describe("checkEventSize", () => {
  it("does not read the event", () => {
    expect(() => checkEventSize(Buffer.from("no json"), sync)).not.toThrow();
    const tooLarge = Buffer.alloc(limits.syncRequestPayloadBytes + 1);
    expect(() => checkEventSize(tooLarge, sync)).toThrow("too large for the RequestResponse");
  });
});
