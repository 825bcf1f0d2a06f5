import { describe, expect, it } from "vitest";
import { InvocationLog } from "./invocation-log.ts";

const line = (message: string, stream = "s1") => ({ timestampMs: 1, stream, message });
const start = (id: string) => `START RequestId: ${id} Version: $LATEST\n`;
const report = (id: string) => `REPORT RequestId: ${id}\tDuration: 1.00 ms\n`;

function pick(
  lines: { message: string; stream: string; timestampMs: number }[],
  options: { first?: boolean; maxLines?: number; streams?: string[] } = {},
) {
  const attempts = (options.streams ?? ["s1"]).map((logStream) => ({
    logStream,
    isFirstOfStream: options.first ?? false,
  }));
  const log = new InvocationLog("mine", attempts, { maxLines: options.maxLines ?? 100 });
  for (const each of lines) log.add(each);
  return log;
}

describe("one invocation's log", () => {
  it("is what lies between its START and its REPORT in its stream", () => {
    const log = pick([
      line(start("other")),
      line("not mine\n"),
      line(report("other")),
      line(start("mine")),
      line("another stream\n", "s2"),
      line("mine\n"),
      line("END RequestId: mine\n"),
      line(report("mine")),
      line("after\n"),
    ]);
    expect(log.lines.map(({ message }) => message)).toEqual([
      start("mine"),
      "mine\n",
      "END RequestId: mine\n",
      report("mine"),
    ]);
    expect(log.isComplete).toBe(true);
  });

  it("has the lines of the init phase when the environment began with it", () => {
    const log = pick([line("INIT_START\n"), line(start("mine")), line(report("mine"))], {
      first: true,
    });
    expect(log.lines).toHaveLength(3);
  });

  it("goes on through attempts in several streams and in one", () => {
    const log = pick(
      [
        line(start("mine")),
        line(report("mine")),
        line(start("other")),
        line(start("mine"), "s2"),
        line("x\n", "s2"),
        line(report("mine"), "s2"),
      ],
      { streams: ["s1", "s2"] },
    );
    expect(log.lines).toHaveLength(5);
    expect(log.isComplete).toBe(true);
  });

  it("ends where another invocation begins, if the REPORT is missing", () => {
    const log = pick([line(start("mine")), line("x\n"), line(start("other")), line("y\n")]);
    expect(log.lines).toHaveLength(2);
  });

  it("reads JSON lines too", () => {
    const json = (type: string, requestId: string) =>
      line(`{"time":"t","type":"${type}","record":{"requestId":"${requestId}"}}\n`);
    const log = pick([
      json("platform.start", "mine"),
      line('{"message":"x"}\n'),
      json("platform.report", "mine"),
      line('{"message":"y"}\n'),
    ]);
    expect(log.lines).toHaveLength(3);
  });

  it("stops at its bound and says so", () => {
    const lines = [start("mine"), ...Array.from({ length: 9 }, () => "x\n")].map((m) => line(m));
    const log = pick(lines, { maxLines: 5 });
    expect(log.lines).toHaveLength(5);
    expect(log.isCut).toBe(true);
  });
});
