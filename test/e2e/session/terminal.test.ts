/**
 * Scenario: the session of the README as a stranger types it, in a shell with the stock AWS CLI and
 * the `paddock` command, and nothing else.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type InvocationDetail,
  invocationDetailSchema,
  usageReportSchema,
} from "@paddock/contracts/admin";
import { buildZip, eventually } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sessionLimits } from "./support/limits.ts";
import { billedDurationsMs } from "./support/report-lines.ts";
import { findProgram, openTerminal, type Terminal } from "./support/shell.ts";
import { type Session, startSession } from "./support/stack.ts";

const hello = fileURLToPath(new URL("../../../examples/node-hello", import.meta.url));
const withoutAws = findProgram("aws") === undefined ? " (skipped: needs the AWS CLI)" : "";
const environment = 'eval "$(paddock env)"';
const onRecord = { timeoutMs: sessionLimits.onRecordMs, intervalMs: 200 };
const failing = `export const handler = async ({ order }) => {
  throw new RangeError("no stock for " + order);
};`;

let session: Session;
let terminal: Terminal;
let directory: string;

beforeAll(async () => {
  session = await startSession();
  directory = mkdtempSync(join(tmpdir(), "paddock-session-"));
  terminal = openTerminal(directory, session.paddock.access.dataDirectory);
  cpSync(hello, directory, { recursive: true });
  const index = readFileSync(join(directory, "index.mjs"));
  writeFileSync(join(directory, "hello.zip"), await buildZip({ "index.mjs": index }));
  writeFileSync(join(directory, "failing.zip"), await buildZip({ "index.mjs": failing }));
});

afterAll(async () => {
  await session.paddock.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** The one invocation of a function, once it is decided. */
async function decided(requestId: string): Promise<InvocationDetail> {
  const answer = await terminal.type(`paddock invocations show ${requestId} --json`);
  const detail = invocationDetailSchema.parse(JSON.parse(answer));
  expect(detail.invocation.fate).toBeDefined();
  return detail;
}

// The stock AWS CLI is the stranger's, and nothing that Paddock installs.
describe.skipIf(withoutAws !== "")(`the AWS CLI against Paddock${withoutAws}`, () => {
  it("creates a function and invokes it, with the end of its log", async () => {
    const printed = await terminal.type(`${environment}
      aws lambda create-function --function-name hello --runtime nodejs24.x \\
        --handler index.handler --zip-file fileb://hello.zip \\
        --role arn:aws:iam::000000000000:role/any --query FunctionArn --output text
      aws lambda wait function-active-v2 --function-name hello
      printf '{"name":"you"}' > event.json
      aws lambda invoke --function-name hello --payload fileb://event.json --log-type Tail \\
        --query LogResult --output text out.json`);
    const [arn, tail] = printed.trim().split("\n");
    expect(arn).toBe("arn:aws:lambda:us-east-1:000000000000:function:hello");
    const log = Buffer.from(tail ?? "", "base64").toString();
    expect(log).toMatch(/^START RequestId: [0-9a-f-]{36} Version: \$LATEST\n/);
    expect(log).toContain("\tINFO\tgreeting you\n");
    expect(log).toMatch(/\nREPORT RequestId: .+\tBilled Duration: \d+ ms\t.+Init Duration: /);
    const answer: unknown = JSON.parse(readFileSync(join(directory, "out.json"), "utf8"));
    expect(answer).toEqual({
      hello: "you",
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it("accepts an Event invocation with 202, runs it and has it on record", async () => {
    const printed = await terminal.type(`${environment}
      printf '{"name":"later"}' > event.json
      aws lambda invoke --function-name hello --invocation-type Event \\
        --payload fileb://event.json --query StatusCode --output text out.json`);
    expect(printed.trim()).toBe("202");
    expect(readFileSync(join(directory, "out.json"), "utf8")).toBe("");
    await eventually(async () => {
      const list = await terminal.type("paddock invocations ls --function hello");
      expect(list).toMatch(/^[0-9a-f-]{36} +hello +async +\S+ +succeeded +1 /m);
    }, onRecord);
    expect(await terminal.type("paddock logs hello")).toContain("greeting later");
  });

  it("retries an Event invocation that fails, and has each attempt on record", async () => {
    const printed = await terminal.type(`${environment}
      aws lambda create-function --function-name failing --runtime nodejs24.x \\
        --handler index.handler --zip-file fileb://failing.zip \\
        --role arn:aws:iam::000000000000:role/any --query State --output text
      aws lambda wait function-active-v2 --function-name failing
      printf '{"order":"A-1"}' > event.json
      aws lambda invoke --function-name failing --invocation-type Event \\
        --payload fileb://event.json --debug out.json 2>&1 | grep -io 'x-amzn-requestid[^,]*'`);
    const requestId = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(printed)?.[0] ?? "";
    const { invocation, attempts, logLines } = await eventually(() => decided(requestId), onRecord);
    expect(invocation).toMatchObject({ state: "failed", attempts: 3, errorType: "RangeError" });
    expect(attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual(
      [1, 2, 3].map((attempt) => [attempt, "function-error"]),
    );
    expect(billedDurationsMs(logLines)).toEqual(attempts.map(({ billedMs }) => billedMs));
    const shown = await terminal.type(`paddock invocations show ${requestId}`);
    expect(shown).toContain(`${requestId}  failing  failed`);
    expect(shown).toContain("RangeError: no stock for A-1");
  });

  it("refuses a wrong secret with AWS's own error", async () => {
    const printed = await terminal.type(`${environment}
      AWS_SECRET_ACCESS_KEY=wrong aws lambda list-functions 2>&1 || true`);
    expect(printed).toContain("(InvalidSignatureException)");
  });

  it("prints usage that is the sum of the REPORT lines", async () => {
    await eventually(async () => {
      const printed = await terminal.type("paddock usage --json");
      const { functions, total } = usageReportSchema.parse(JSON.parse(printed));
      for (const [name, requests] of [
        ["hello", 2],
        ["failing", 3],
      ] as const) {
        const billed = billedDurationsMs(await session.logLinesOf(name));
        expect(billed).toHaveLength(requests);
        const billedMs = billed.reduce((sum, each) => sum + each, 0);
        const usage = functions.find(({ functionName }) => functionName === name);
        expect(usage).toMatchObject({ requests, billedMs });
        expect(usage?.gbSeconds).toBeCloseTo((billedMs / 1000) * (128 / 1024), 9);
      }
      expect(total.requests).toBe(5);
      expect(total.errors).toBe(3);
    }, onRecord);
  });
});

describe("the paddock command", () => {
  it("follows a log: shows a line that is written meanwhile", async () => {
    const files = { "index.mjs": "export const handler = async (e) => console.log(e.say);" };
    await session.createFunction("talking", { files });
    await session.invoke("talking", { say: "said-before" });
    const follower = terminal.start("paddock logs talking --follow");
    try {
      await eventually(() => expect(follower.output).toContain("said-before"), onRecord);
      await session.invoke("talking", { say: "said-meanwhile" });
      await eventually(() => expect(follower.output).toContain("said-meanwhile"), onRecord);
    } finally {
      follower.stop();
    }
  });

  it("prints the settings in force and where they came from", async () => {
    const printed = await terminal.type("paddock config");
    expect(printed).toMatch(/^asyncRetryDelaysSeconds +1,1 +flag$/m);
    expect(printed).toMatch(/^region +us-east-1 +default$/m);
    expect(printed).not.toContain(session.paddock.access.secretAccessKey);
  });
});
