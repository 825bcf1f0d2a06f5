import { describe, expect, it } from "vitest";
import { changedEventInvoke, toAsyncConfig, toAwsEventInvoke } from "./event-invoke.ts";

const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:f";
const own = { functionArn, nowMs: 1500 };

describe("an event-invoke configuration", () => {
  it("keeps what an update leaves out", () => {
    const first = changedEventInvoke({}, { MaximumRetryAttempts: 0 }, own);
    expect(first).toEqual({ maximumRetryAttempts: 0, lastModifiedMs: 1500 });
    const later = { ...own, nowMs: 2000 };
    expect(changedEventInvoke(first, { MaximumEventAgeInSeconds: 60 }, later)).toEqual({
      maximumRetryAttempts: 0,
      maximumEventAgeSeconds: 60,
      lastModifiedMs: 2000,
    });
  });

  it("says nothing of what is not set, and the router goes by Lambda's defaults", () => {
    const document = { maximumRetryAttempts: 1, lastModifiedMs: 1500 };
    const setting = {
      functionName: "f",
      kind: "event-invoke",
      qualifier: "live",
      document,
    } as const;
    expect(toAwsEventInvoke(setting, { region: "us-east-1", accountId: "000000000000" })).toEqual({
      LastModified: 1.5,
      FunctionArn: `${functionArn}:live`,
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnSuccess: {}, OnFailure: {} },
    });
    expect(toAsyncConfig(document)).toEqual({
      maximumRetryAttempts: 1,
      maximumEventAgeSeconds: 21_600,
    });
  });

  it.each([
    [{}, "You must specify at least one of error handling or destination setting."],
    [
      { DestinationConfig: { OnFailure: { Destination: `${functionArn}:live` } } },
      "You can't specify the function as a destination for itself.",
    ],
    [
      { DestinationConfig: { OnSuccess: { Destination: "arn:aws:sqs:us-east-1:000000000000:q" } } },
      "The destination ARN arn:aws:sqs:us-east-1:000000000000:q is invalid. This version of Paddock delivers to no destinations yet.",
    ],
  ])("cannot be %j", (request, message) => {
    expect(() => changedEventInvoke({}, request, own)).toThrow(message);
  });

  it("may name empty destinations, which are none", () => {
    const request = { DestinationConfig: { OnSuccess: {}, OnFailure: { Destination: "" } } };
    expect(changedEventInvoke({}, request, own)).toEqual({ lastModifiedMs: 1500 });
  });
});
