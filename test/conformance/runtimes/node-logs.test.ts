/** What a Node function's log holds: console lines, errors, platform lines, each environment's stream. */
import { eventually } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { runPaddock } from "../support/command.ts";
import { createFunction, invoke, invokeWithLog } from "../support/functions.ts";

const ISO = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;

interface Line {
  readonly timestampMs: number;
  readonly stream: string;
  readonly message: string;
}

/** Waits until the log of `name` satisfies `check`. */
async function logOf(name: string, check: (lines: readonly Line[]) => void) {
  return eventually(
    async () => {
      const printed = await runPaddock("logs", name, "--json");
      const lines = printed
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Line);
      check(lines);
      return lines;
    },
    { timeoutMs: 20_000, intervalMs: 200 },
  );
}

describe.each(["nodejs20.x", "nodejs22.x", "nodejs24.x"] as const)("console on %s", (Runtime) => {
  it("writes time, request id and level before what it formatted", async () => {
    const name = await createFunction({
      Runtime,
      files: {
        "index.mjs": `export const handler = async () => {
          console.log("a %s of %d", "line", 2, { nested: { deep: [1] } }); console.debug("d");
          console.info("i"); console.warn("w"); console.error("e"); console.trace("t");
          process.stdout.write("raw\\n"); process.stderr.write("raw error\\n"); };`,
      },
    });
    const { log, requestId } = await invokeWithLog(name);
    const line = (level: string, text: string) =>
      new RegExp(`^${ISO}\t${requestId}\t${level}\t${text}$`, "m");
    expect(log).toMatch(line("INFO", "a line of 2 \\{ nested: \\{ deep: \\[ 1 \\] \\} \\}"));
    expect(log).toMatch(line("DEBUG", "d"));
    expect(log).toMatch(line("INFO", "i"));
    expect(log).toMatch(line("WARN", "w"));
    expect(log).toMatch(line("ERROR", "e"));
    expect(log).toMatch(line("TRACE", "t"));
    expect(log).toContain("\nraw\n");
    expect(log).toContain("\nraw error\n");
  });

  it("writes one JSON object a line with LogFormat JSON, from the level asked for", async () => {
    const name = await createFunction({
      Runtime,
      LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "WARN" },
      files: {
        "index.mjs": `export const handler = async () => {
          console.info("hidden"); console.warn({ order: 7 });
          console.error("it broke:", new RangeError("boom")); };`,
      },
    });
    const { log, requestId } = await invokeWithLog(name);
    const lines = log
      .split("\n")
      .filter((text) => text.startsWith("{"))
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    const application = lines.filter((line) => "level" in line);
    expect(application).toEqual([
      {
        timestamp: expect.stringMatching(new RegExp(`^${ISO}$`)),
        level: "WARN",
        requestId,
        message: { order: 7 },
      },
      {
        timestamp: expect.stringMatching(new RegExp(`^${ISO}$`)),
        level: "ERROR",
        requestId,
        message: expect.stringContaining("it broke: RangeError: boom"),
        errorType: "RangeError",
        errorMessage: "boom",
        stackTrace: expect.arrayContaining([expect.stringContaining("boom")]),
      },
    ]);
    const report = lines.find((line) => line["type"] === "platform.report");
    expect(report).toMatchObject({ record: { requestId, status: "success" } });
  });

  it("shows what failed an invocation", async () => {
    const name = await createFunction({
      Runtime,
      files: {
        "index.mjs": "export const handler = async () => { throw new RangeError('boom'); };",
      },
    });
    const { log, requestId } = await invokeWithLog(name);
    const [, text = ""] =
      new RegExp(`^${ISO}\t${requestId}\tERROR\tInvoke Error \t(.*)$`, "m").exec(log) ?? [];
    expect(JSON.parse(text)).toMatchObject({
      errorType: "RangeError",
      errorMessage: "boom",
      stack: expect.arrayContaining(["RangeError: boom"]),
    });
  });
});

describe("the REPORT line of a failure", () => {
  it("names the time-out", async () => {
    const name = await createFunction({
      Timeout: 1,
      files: {
        "index.mjs": "export const handler = () => new Promise((r) => setTimeout(r, 9e3));",
      },
    });
    const { log } = await invokeWithLog(name);
    expect(log).toMatch(/^REPORT RequestId: .*\tDuration: 1\d{3}\.\d\d ms\t.*\tStatus: timeout/m);
  });

  it("names the error that ended the process", async () => {
    const name = await createFunction({
      files: { "index.mjs": "export const handler = async () => process.exit(1);" },
    });
    const { log } = await invokeWithLog(name);
    expect(log).toMatch(/^REPORT RequestId: .*\tStatus: error\tError Type: Runtime\.ExitError/m);
  });
});

describe("paddock logs", () => {
  it("has a stream for each environment, each from INIT_START to REPORT", async () => {
    const name = await createFunction({
      files: {
        "index.mjs": `export const handler = async (event, context) => {
          console.log("busy"); await new Promise((r) => setTimeout(r, 1000)); return context.logStreamName; };`,
      },
    });
    const answers = await Promise.all([invoke(name), invoke(name)]);
    const streams = answers.map(({ json }) => json as string).sort();
    expect(new Set(streams).size).toBe(2);
    const lines = await logOf(name, (found) => {
      expect(found.filter(({ message }) => message.startsWith("REPORT "))).toHaveLength(2);
    });
    expect([...new Set(lines.map(({ stream }) => stream))].sort()).toEqual(streams);
    for (const own of streams) {
      const kinds = lines
        .filter(({ stream }) => stream === own)
        .map(({ message }) => (message.includes("\tINFO\tbusy") ? "busy" : message.split(" ")[0]));
      expect(kinds).toEqual(["INIT_START", "START", "busy", "END", "REPORT"]);
    }
    const first = lines.find(({ message }) => message.startsWith("INIT_START"));
    expect(first?.message).toMatch(
      /^INIT_START Runtime Version: nodejs:24\.\S+\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}\n?$/,
    );
  });

  it("has each output line as an event of its own, an unfinished one too", async () => {
    const name = await createFunction({
      files: {
        "index.mjs": `export const handler = async () => {
          process.stdout.write("one\\ntwo\\n\\nwith \\r inside\\nno end"); };`,
      },
    });
    await invoke(name);
    const lines = await logOf(name, (found) => {
      expect(found.at(-1)?.message).toMatch(/^REPORT /);
    });
    const own = lines.map(({ message }) => message.replace(/\n$/, ""));
    expect(own.slice(own.findIndex((line) => line.startsWith("START ")) + 1, -2)).toEqual([
      "one",
      "two",
      "",
      "with \r inside",
      "no end",
    ]);
  });
});
