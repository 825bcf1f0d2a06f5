import { describe, expect, it } from "vitest";
import { channels } from "./subjects.ts";

describe("subjects", () => {
  it("write $LATEST as LATEST, and are read back to the same address", () => {
    const target = { functionName: "my-fn_1", version: "$LATEST", configId: "c-1" };
    const subject = channels.invoke.subject(target);
    expect(subject).toBe("paddock.invoke.my-fn_1.LATEST.c-1");
    expect(channels.invoke.parse(subject)).toEqual(target);
  });

  it("are those of docs/design.md", () => {
    expect([
      channels.admit.subject({}),
      channels.run.subject({ workerId: "w" }),
      channels.drain.subject({ workerId: "w" }),
      channels.reclaim.subject({ workerId: "w" }),
      channels.status.subject({ workerId: "w" }),
      channels.queued.subject({ functionName: "f", version: "7" }),
      channels.accepted.subject({ functionName: "f" }),
      channels.usage.subject({}),
      channels.fate.subject({}),
      channels.logs.subject({ functionName: "f" }),
      channels.events.subject({ path: "orders.created.eu" }),
      channels.invokeByName.subject({ functionName: "f" }),
    ]).toEqual([
      "paddock.router.admit",
      "paddock.worker.w.run",
      "paddock.worker.w.drain",
      "paddock.worker.w.reclaim",
      "paddock.status.w",
      "paddock.queued.f.7",
      "paddock.accepted.f",
      "paddock.ledger.usage",
      "paddock.ledger.fate",
      "paddock.logs.f",
      "events.orders.created.eu",
      "invoke.f",
    ]);
  });

  it("match any value that the pattern leaves out", () => {
    expect(channels.queued.pattern({ functionName: "f" })).toBe("paddock.queued.f.*");
    expect(channels.events.pattern()).toBe("events.>");
  });

  it.each(["a.b", "*", ">", "", "with space"])("refuse %j as a function's name", (functionName) => {
    expect(() => channels.accepted.subject({ functionName })).toThrow(RangeError);
  });

  it("of another channel are none of this one", () => {
    expect(channels.run.parse("paddock.worker.w.drain")).toBeUndefined();
    expect(channels.run.parse("paddock.worker.w.run.more")).toBeUndefined();
    expect(channels.events.parse("events")).toBeUndefined();
  });
});
