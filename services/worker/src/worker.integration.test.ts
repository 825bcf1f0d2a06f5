/** One worker with real sandboxes: what callers get, and what is left when functions misbehave. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, startWorkerFixture, type WorkerFixture } from "./worker.fixture.ts";

let worker: WorkerFixture;
beforeAll(async () => {
  worker = await startWorkerFixture();
}, 60_000);
afterAll(() => worker.stop(), 60_000);

const tailOf = ({ result }: Answer): string =>
  result.status === "completed"
    ? Buffer.from(result.logTailBase64 ?? "", "base64").toString("utf8")
    : "";
const isFunctionError = ({ result }: Answer): boolean =>
  result.status === "completed" && result.functionError === "Unhandled";
const parsed = (answer: Answer): Record<string, unknown> => JSON.parse(answer.payload);

const handler = (body: string): Record<string, string> => ({
  "index.mjs": `let calls = 0;\nexport const handler = async (event, context) => { calls += 1; ${body} };\n`,
});

describe("an invocation", () => {
  it("is answered by the function, and the next one by the same environment", async () => {
    const target = await worker.deploy(handler("return { calls, name: event.name };"));
    const first = await worker.invoke(target, { name: "a" });
    expect(first.payload).toBe('{"calls":1,"name":"a"}');
    const second = await worker.invoke(target, { name: "b" }, { warm: true });
    expect(second.payload).toBe('{"calls":2,"name":"b"}');
  });

  it("that comes for a configuration that was replaced is run by the present one", async () => {
    const variables = (edition: string) => ({ environmentVariables: { EDITION: edition } });
    const files = handler("return process.env.EDITION;");
    const before = await worker.deploy(files, variables("before"));
    expect((await worker.invoke(before, {})).payload).toBe('"before"');
    const after = await worker.reconfigure(before, variables("after"));
    // Runs whichever the worker knows by now, and waits for one that is yet to come.
    expect((await worker.invoke(after, {})).payload).toBe('"after"');
    expect((await worker.invoke(before, {})).payload).toBe('"after"');
  });

  it("brings the log of this invocation with START, END and REPORT when it asks for it", async () => {
    const target = await worker.deploy(handler("console.log('hello', event.n);"));
    const answer = await worker.invoke(target, { n: 1 }, { tail: true });
    const { requestId } = answer.result;
    const lines = tailOf(answer).split("\n");
    expect(lines[0]).toBe(`START RequestId: ${requestId} Version: $LATEST`);
    expect(lines[1]).toMatch(new RegExp(`Z\\t${requestId}\\tINFO\\thello 1$`));
    expect(lines[2]).toBe(`END RequestId: ${requestId}`);
    expect(lines[3]).toMatch(
      /^REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t$/,
    );
  });

  it("ends with Sandbox.Timedout after the function's time-out, and the next starts afresh", async () => {
    const target = await worker.deploy(
      handler(
        "if (event.hang) await new Promise(() => setInterval(() => {}, 1000)); return calls;",
      ),
      // The next one has to start a process anew within it, on a machine that is busy too.
      { timeoutSeconds: 3 },
    );
    const late = await worker.invoke(target, { hang: true });
    expect(isFunctionError(late)).toBe(true);
    expect(parsed(late)).toEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: `RequestId: ${late.result.requestId} Error: Task timed out after 3.00 seconds`,
    });
    const next = await worker.invoke(target, {});
    expect(next.payload).toBe("1");
  });

  it("ends with Runtime.ExitError when the process exits", async () => {
    const target = await worker.deploy(handler("process.exit(event.code);"));
    const failed = await worker.invoke(target, { code: 3 });
    expect(parsed(failed)).toEqual({
      errorType: "Runtime.ExitError",
      errorMessage: `RequestId: ${failed.result.requestId} Error: Runtime exited with error: exit status 3`,
    });
    const quiet = await worker.invoke(target, { code: 0 });
    expect(parsed(quiet)["errorMessage"]).toContain("Runtime exited without providing a reason");
  });

  it("ends with signal: killed when memory runs out, and says so in the log", async () => {
    const target = await worker.deploy(
      handler("const all = []; for (;;) all.push(Buffer.alloc(8 << 20, 1));"),
      { memoryMb: 128, timeoutSeconds: 20 },
    );
    const answer = await worker.invoke(target, {}, { tail: true });
    expect(parsed(answer)["errorType"]).toBe("Runtime.ExitError");
    expect(parsed(answer)["errorMessage"]).toContain("signal: killed");
    expect(tailOf(answer)).toContain("Memory Size: 128 MB\tMax Memory Used: 128 MB");
  }, 60_000);

  it("returns the runtime's document when the handler's file is missing", async () => {
    const target = await worker.deploy({ "other.mjs": "export const handler = () => 1;" });
    const answer = await worker.invoke(target, {});
    expect(isFunctionError(answer)).toBe(true);
    expect(parsed(answer)["errorType"]).toBe("Runtime.ImportModuleError");
  });

  it("carries six megabytes both ways", async () => {
    const target = await worker.deploy(handler("return event;"), { memoryMb: 512 });
    const event = { text: "x".repeat(6 * 1024 * 1024 - 20) };
    const answer = await worker.invoke(target, event);
    expect(answer.payload.length).toBe(JSON.stringify(event).length);
  }, 60_000);

  it("is refused by the runtime's 413 when the answer is larger than that", async () => {
    const target = await worker.deploy(handler("return 'x'.repeat(7 * 1024 * 1024);"), {
      memoryMb: 512,
    });
    const answer = await worker.invoke(target, {});
    expect(parsed(answer)["errorType"]).toBe("Function.ResponseSizeTooLarge");
  });
});
