import { describe, expect, it } from "vitest";
import { conclude, concludeInitialization } from "./conclusion.ts";

const context = { requestId: "r1", timeoutSeconds: 3 };
const text = (payload: Uint8Array): string => Buffer.from(payload).toString("utf8");

describe("the document that the caller gets", () => {
  it("passes the runtime's error document on byte by byte", () => {
    const payload = Buffer.from('{"errorType": "Error",  "errorMessage":"boom","trace":[]}');
    const conclusion = conclude({ kind: "error", errorType: "Error", payload }, context);
    expect(conclusion).toEqual({ outcome: "function-error", payload, errorType: "Error" });
  });

  it.each([
    [{ exitCode: 127, signal: null, outOfMemory: false }, "crashed", "exit status 127"],
    [{ exitCode: 0, signal: null, outOfMemory: false }, "crashed", "exited without providing"],
    [{ exitCode: null, signal: "SIGKILL", outOfMemory: true }, "out-of-memory", "signal: killed"],
    [{ exitCode: null, signal: "SIGSEGV", outOfMemory: false }, "crashed", "segmentation fault"],
  ] as const)("names the exit %o", (exit, outcome, words) => {
    const conclusion = conclude({ kind: "exited", exit }, context);
    expect(conclusion.outcome).toBe(outcome);
    expect(conclusion.errorType).toBe("Runtime.ExitError");
    expect(text(conclusion.payload)).toContain(words);
  });

  it("says after how many seconds a task timed out", () => {
    const conclusion = conclude({ kind: "deadline" }, context);
    expect(conclusion.outcome).toBe("timed-out");
    expect(text(conclusion.payload)).toBe(
      '{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: r1 Error: Task timed out after 3.00 seconds"}',
    );
  });

  it("returns what the runtime posted when its initialisation failed", () => {
    const payload = Buffer.from("{}");
    const failure = { kind: "error", errorType: "Runtime.ImportModuleError", payload } as const;
    expect(concludeInitialization(failure, context).payload).toBe(payload);
  });
});
