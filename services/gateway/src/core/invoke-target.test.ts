import { describe, expect, it } from "vitest";
import { readInvokeCall } from "./invoke-target.ts";

const base = "/2015-03-31/functions";
const asyncBase = "/2014-11-13/functions";

describe("readInvokeCall", () => {
  it.each([
    [`${base}/hello/invocations`, "hello", undefined],
    [`${base}/hello/invocations/`, "hello", undefined],
    [`${base}/hello:live/invocations`, "hello:live", undefined],
    [`${base}/hello/invocations?Qualifier=live`, "hello", "live"],
    [`${base}/hello/invocations?x=1&Qualifier=%24LATEST`, "hello", "$LATEST"],
    [
      `${base}/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Ahello/invocations`,
      "arn:aws:lambda:us-east-1:000000000000:function:hello",
      undefined,
    ],
    [`${base}/%E0%A4%A/invocations`, "%E0%A4%A", undefined],
  ])("reads %s", (target, reference, qualifier) => {
    expect(readInvokeCall("POST", target)).toEqual({ operation: "Invoke", reference, qualifier });
  });

  it.each([
    [`${asyncBase}/hello/invoke-async`, "hello"],
    [`${asyncBase}/hello/invoke-async/`, "hello"],
    [`${asyncBase}/hello:live/invoke-async/?Qualifier=other`, "hello:live"],
  ])("reads %s", (target, reference) => {
    const call = { operation: "InvokeAsync", reference, qualifier: undefined };
    expect(readInvokeCall("POST", target)).toEqual(call);
  });

  it.each([
    ["GET", `${base}/hello/invocations`],
    ["POST", `${base}/hello`],
    ["POST", `${base}/hello/versions`],
    ["POST", `${base}/invocations`],
    ["POST", `${base}//invocations`],
    ["POST", `${base}/a/b/invocations`],
    ["POST", `${base}/hello/invoke-async`],
    ["POST", `${asyncBase}/hello/invocations`],
    ["POST", "/2021-11-15/functions/hello/response-streaming-invocations"],
  ])("leaves %s %s to control", (method, target) => {
    expect(readInvokeCall(method, target)).toBeUndefined();
  });
});
