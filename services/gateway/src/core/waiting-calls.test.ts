import { PaddockError } from "@paddock/contracts";
import { describe, expect, it } from "vitest";
import { WaitingCalls } from "./waiting-calls.ts";

const checksUntilLost = 3;
const lost = () => new PaddockError("ServiceException", "lost");

function waiting() {
  const calls = new WaitingCalls(checksUntilLost);
  const ended: string[] = [];
  const wait = (requestId: string, isHeld = true) =>
    calls.add(requestId, {
      reject: ({ message }) => ended.push(`${requestId} ${message}`),
      ...(isHeld ? { lost } : {}),
    });
  const check = (times: number) => {
    for (let time = 0; time < times; time += 1) calls.check();
  };
  return { calls, ended, wait, check };
}

describe("a call that waits", () => {
  it("is lost, once, when nobody has named it for so many checks", () => {
    const { ended, wait, check } = waiting();
    wait("a");
    check(2);
    expect(ended).toEqual([]);
    check(5);
    expect(ended).toEqual(["a lost"]);
  });

  it("goes on waiting as long as somebody names it, and others are not mistaken for it", () => {
    const { calls, ended, wait, check } = waiting();
    wait("a");
    wait("b");
    for (let round = 0; round < 3; round += 1) {
      check(2);
      calls.named(["a", "unknown"]);
    }
    expect(ended).toEqual(["b lost"]);
  });

  it("is not lost where nobody is expected to name it, and not any more when it has ended", () => {
    const { calls, ended, wait, check } = waiting();
    wait("event", false);
    wait("a");
    calls.remove("a");
    check(10);
    expect(ended).toEqual([]);
  });

  it("is given its whole time again after an outage, and ends with one that lasts", () => {
    const { calls, ended, wait, check } = waiting();
    wait("a");
    wait("event", false);
    check(2);
    calls.forgiveAll();
    check(2);
    expect(ended).toEqual([]);
    calls.rejectAll(new PaddockError("ServiceException", "away"));
    expect(ended).toEqual(["a away", "event away"]);
  });
});
