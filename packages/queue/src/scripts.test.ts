import { describe, expect, it } from "vitest";
import { checkScript, loadScripts } from "./scripts.ts";

describe("Lua files", () => {
  it("all name as many keys in their contract as in their file name", () => {
    expect(
      loadScripts()
        .map((script) => `${script.name}-${script.keyCount}`)
        .toSorted(),
    ).toEqual([
      "freeWorkers-5",
      "releaseEnvironments-3",
      "renewDispatchTerm-1",
      "renewWorker-2",
      "reserveEnvironment-5",
      "settleQueue-11",
    ]);
  });

  it("are refused when contract and name differ, or there is none", () => {
    expect(() => checkScript("a-2.lua", "--[[ KEYS[1] x ]]\nreturn 1")).toThrow(/says 2 keys/);
    expect(() => checkScript("a-1.lua", "return KEYS[1]")).toThrow(/begin with its contract/);
    expect(() => checkScript("a.lua", "")).toThrow(/verbState/);
  });
});
