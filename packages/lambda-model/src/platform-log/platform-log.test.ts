import { describe, expect, it } from "vitest";
import type { PlatformEvent } from "./events.ts";
import { systemLogLevelOf } from "./events.ts";
import { platformLogLine } from "./platform-log-line.ts";
import { endLine, initReportLine, initStartLine, reportLine, startLine } from "./text-lines.ts";

const requestId = "8f507cfc-xmpl-4697-b07a-ac58fc914c95";
const timeMs = Date.parse("2024-03-13T18:56:24.046Z");
const figures = { requestId, durationMs: 2.904, billedMs: 3, memoryMb: 128, maxMemoryUsedMb: 36 };

describe("text lines", () => {
  it("are AWS's to the tab", () => {
    expect(
      initStartLine({
        runtimeVersion: "python:3.13.v13",
        runtimeVersionArn: "arn:aws:lambda:r::runtime:a",
      }),
    ).toBe(
      "INIT_START Runtime Version: python:3.13.v13\tRuntime Version ARN: arn:aws:lambda:r::runtime:a\n",
    );
    expect(startLine({ requestId, version: "$LATEST" })).toBe(
      `START RequestId: ${requestId} Version: $LATEST\n`,
    );
    expect(endLine(requestId)).toBe(`END RequestId: ${requestId}\n`);
  });

  it("report a warm invocation without Init Duration", () => {
    expect(reportLine(figures)).toBe(
      `REPORT RequestId: ${requestId}\tDuration: 2.90 ms\tBilled Duration: 3 ms\t` +
        "Memory Size: 128 MB\tMax Memory Used: 36 MB\t\n",
    );
  });

  it("report a cold invocation with Init Duration", () => {
    const cold = { ...figures, durationMs: 2.03, billedMs: 103, initMs: 100.77 };
    expect(reportLine(cold)).toBe(
      `REPORT RequestId: ${requestId}\tDuration: 2.03 ms\tBilled Duration: 103 ms\t` +
        "Memory Size: 128 MB\tMax Memory Used: 36 MB\tInit Duration: 100.77 ms\t\n",
    );
  });

  it("report a time-out and a crash after the last column", () => {
    expect(reportLine({ ...figures, status: "timeout" })).toMatch(
      /\tMax Memory Used: 36 MB\tStatus: timeout\n$/,
    );
    expect(reportLine({ ...figures, status: "error", errorType: "Runtime.ExitError" })).toMatch(
      /\tMax Memory Used: 36 MB\tStatus: error\tError Type: Runtime.ExitError\n$/,
    );
  });

  it("report an init phase that failed", () => {
    expect(initReportLine({ initMs: 10_008.67, phase: "init", status: "timeout" })).toBe(
      "INIT_REPORT Init Duration: 10008.67 ms\tPhase: init\tStatus: timeout\n",
    );
    expect(
      initReportLine({
        initMs: 12.3,
        phase: "invoke",
        status: "error",
        errorType: "Runtime.Unknown",
      }),
    ).toBe(
      "INIT_REPORT Init Duration: 12.30 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.Unknown\n",
    );
  });
});

const init = { initializationType: "on-demand", phase: "init" } as const;
const start: PlatformEvent = { type: "platform.start", record: { requestId, version: "1" } };
const done: PlatformEvent = {
  type: "platform.runtimeDone",
  record: { requestId, status: "success", metrics: { durationMs: 1.5 } },
};
const report: PlatformEvent = {
  type: "platform.report",
  record: {
    requestId,
    metrics: { durationMs: 28.119, billedDurationMs: 29, memorySizeMB: 128, maxMemoryUsedMB: 71 },
    status: "success",
  },
};
const initReport: PlatformEvent = {
  type: "platform.initReport",
  record: { ...init, status: "success", metrics: { durationMs: 80 } },
};
const initFailed: PlatformEvent = {
  type: "platform.initReport",
  record: { ...init, status: "timeout", metrics: { durationMs: 10_000 } },
};
const initStart: PlatformEvent = {
  type: "platform.initStart",
  record: { ...init, functionName: "hello", functionVersion: "$LATEST" },
};

describe("platformLogLine", () => {
  it("writes text lines from events, END for runtimeDone", () => {
    const text = { format: "Text" } as const;
    expect(platformLogLine(start, text, timeMs)).toBe(`START RequestId: ${requestId} Version: 1\n`);
    expect(platformLogLine(done, text, timeMs)).toBe(`END RequestId: ${requestId}\n`);
    expect(platformLogLine(report, text, timeMs)).toBe(
      `REPORT RequestId: ${requestId}\tDuration: 28.12 ms\tBilled Duration: 29 ms\t` +
        "Memory Size: 128 MB\tMax Memory Used: 71 MB\t\n",
    );
  });

  it("writes INIT_REPORT as text only when init failed", () => {
    const text = { format: "Text" } as const;
    expect(platformLogLine(initReport, text, timeMs)).toBeUndefined();
    expect(platformLogLine(initFailed, text, timeMs)).toBe(
      "INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout\n",
    );
  });

  it("writes JSON as AWS's example has it", () => {
    const line = platformLogLine(report, { format: "JSON" }, timeMs);
    expect(JSON.parse(line ?? "")).toEqual({
      time: "2024-03-13T18:56:24.046Z",
      type: "platform.report",
      record: report.record,
    });
    expect(line?.endsWith("\n")).toBe(true);
  });

  it("leaves out of JSON what is below the configured level", () => {
    const at = (systemLevel: "DEBUG" | "INFO" | "WARN", event: PlatformEvent) =>
      platformLogLine(event, { format: "JSON", systemLevel }, timeMs) !== undefined;
    expect([at("DEBUG", done), at("INFO", done)]).toEqual([true, false]);
    expect([at("INFO", start), at("WARN", start)]).toEqual([true, false]);
    expect([at("WARN", report), at("WARN", initFailed)]).toEqual([false, true]);
  });

  it("gives each event the level of AWS's table", () => {
    expect([initStart, start, done, report, initReport, initFailed].map(systemLogLevelOf)).toEqual([
      "DEBUG",
      "INFO",
      "DEBUG",
      "INFO",
      "DEBUG",
      "WARN",
    ]);
  });
});
