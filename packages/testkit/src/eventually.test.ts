import { describe, expect, it } from "vitest";
import { eventually } from "./eventually.ts";

describe("eventually", () => {
  it("returns what the check returns once it no longer fails", async () => {
    let calls = 0;
    const value = await eventually(() => {
      calls += 1;
      if (calls < 3) throw new Error("not yet");
      return calls;
    });
    expect(value).toBe(3);
  });

  it("asks again while the check returns false", async () => {
    const answers = [false, false, true];
    await expect(eventually(() => answers.shift() ?? true)).resolves.toBe(true);
    expect(answers).toEqual([]);
  });

  it("says what the last failure was when the time is over", async () => {
    const check = () => Promise.reject(new Error("still closed"));
    await expect(eventually(check, { timeoutMs: 30, intervalMs: 10 })).rejects.toThrow(
      "not so within 30 ms: Error: still closed",
    );
  });
});
