import { describe, expect, it } from "vitest";
import { defaultLogGroup, logStreamName } from "./log-names.ts";
import {
  exited,
  exitedWithoutReason,
  invalidEntrypoint,
  killed,
  responseTooLarge,
  timedOut,
} from "./platform-errors.ts";

const id = "7e2b";

describe("platform error documents", () => {
  it("are AWS's to the byte", () => {
    expect([
      timedOut(id, 1).payload,
      exited(id, 127).payload,
      exitedWithoutReason(id).payload,
      killed(id).payload,
      responseTooLarge().payload,
      invalidEntrypoint(id).payload,
    ]).toEqual([
      '{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 7e2b Error: Task timed out after 1.00 seconds"}',
      '{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 7e2b Error: Runtime exited with error: exit status 127"}',
      '{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 7e2b Error: Runtime exited without providing a reason"}',
      '{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 7e2b Error: Runtime exited with error: signal: killed"}',
      '{"errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"}',
      '{"errorType":"Runtime.InvalidEntrypoint","errorMessage":"RequestId: 7e2b Error: Couldn\'t find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"}',
    ]);
  });
});

describe("logStreamName", () => {
  const environment = {
    functionName: "hello",
    version: "$LATEST",
    environmentId: "0123456789abcdef0123456789abcdef",
    startedAtMs: Date.parse("2026-11-23T23:59:59.999Z"),
  };

  it("names the day, the version and the environment", () => {
    expect(logStreamName({ ...environment, logGroup: defaultLogGroup("hello") })).toBe(
      "2026/11/23/[$LATEST]0123456789abcdef0123456789abcdef",
    );
  });

  it("names the function too in a group that may be shared", () => {
    expect(logStreamName({ ...environment, logGroup: "team-logs" })).toBe(
      "2026/11/23/hello[$LATEST][0123456789abcdef0123456789abcdef]",
    );
  });
});
