import { PaddockError } from "@paddock/contracts";
import { describe, expect, it } from "vitest";
import { readInvocationOptions } from "./invocation-options.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

function refusal(headers: Record<string, string>): string {
  try {
    readInvocationOptions(headers);
    return "accepted";
  } catch (error) {
    return error instanceof PaddockError ? `${error.code}: ${error.message}` : String(error);
  }
}

describe("readInvocationOptions", () => {
  it("takes a request without headers for a synchronous one without a log", () => {
    const expected = { type: "RequestResponse", wantsLogTail: false, clientContext: undefined };
    expect(readInvocationOptions({})).toEqual(expected);
  });

  it("decodes the client context of a synchronous invocation", () => {
    const context = '{"custom":{"name":"é"}}';
    const options = readInvocationOptions({ "x-amz-client-context": base64(context) });
    expect(options.clientContext).toBe(context);
  });

  it("leaves log tail and client context out of an asynchronous one", () => {
    const headers = {
      "x-amz-invocation-type": "Event",
      "x-amz-log-type": "Tail",
      "x-amz-client-context": "not even base64!",
    };
    const expected = { type: "Event", wantsLogTail: false, clientContext: undefined };
    expect(readInvocationOptions(headers)).toEqual(expected);
  });

  it.each(["no base64!", base64("[1]"), base64("{"), base64("null"), "===="])(
    "refuses the client context %s",
    (context) => {
      expect(refusal({ "x-amz-client-context": context })).toBe(
        "InvalidRequestContentException: Client context must be a valid Base64-encoded JSON object.",
      );
    },
  );

  it("accepts 3,583 bytes of client context at the most", () => {
    const fits = `{"a":"${"b".repeat(2677)}"}`;
    expect(base64(fits).length).toBe(3580);
    expect(refusal({ "x-amz-client-context": base64(fits) })).toBe("accepted");
    expect(refusal({ "x-amz-client-context": base64(`${fits} `) })).toContain("at most 3583 bytes");
  });

  it("refuses invocation and log types that do not exist", () => {
    expect(refusal({ "x-amz-invocation-type": "Later" })).toBe(
      "ValidationException: 1 validation error detected: Value 'Later' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
    );
    expect(refusal({ "x-amz-log-type": "All" })).toBe(
      "ValidationException: 1 validation error detected: Value 'All' at 'logType' failed to satisfy constraint: Member must satisfy enum value set: [None, Tail]",
    );
  });

  it("refuses a tenant id, because nothing here runs per tenant", () => {
    expect(refusal({ "x-amz-tenant-id": "blue" })).toContain("InvalidParameterValueException");
  });
});
