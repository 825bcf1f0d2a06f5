import { describe, expect, it } from "vitest";
import { commandStatus } from "./exit-status.ts";

describe("the status of a command", () => {
  it.each([0, 1, 127, 128, 129, 130, 131, 255])("%i is an exit status", (code) => {
    expect(commandStatus(code, null)).toEqual({ exitCode: code, signal: null });
  });

  it.each([
    [134, "SIGABRT"],
    [137, "SIGKILL"],
    [139, "SIGSEGV"],
    [143, "SIGTERM"],
    [159, "SIGSYS"],
  ])("%i is %s", (code, signal) => {
    expect(commandStatus(code, null)).toEqual({ exitCode: null, signal });
  });

  it("is a signal when bubblewrap itself was ended by one", () => {
    expect(commandStatus(null, "SIGKILL")).toEqual({ exitCode: null, signal: "SIGKILL" });
  });
});
