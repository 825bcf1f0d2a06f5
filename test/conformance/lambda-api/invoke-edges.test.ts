/** Edges of Invoke: qualifiers, headers, exact limits, and what identifies an invocation. */
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { eventually } from "@paddock/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { sendSigned } from "../support/clients.ts";
import { runPaddock } from "../support/command.ts";
import { createFunction, invoke, lambda } from "../support/functions.ts";

const MIB = 1024 * 1024;
const ARN = "arn:aws:lambda:us-east-1:000000000000:function";
const pathOf = (name: string) => `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;

let echo = "";
beforeAll(async () => {
  const source = `export const handler = async (event, context) =>
    ({ event, id: context.awsRequestId, arn: context.invokedFunctionArn, trace: process.env._X_AMZN_TRACE_ID });`;
  echo = await createFunction({ files: { "index.mjs": source }, MemorySize: 512 });
});

const messageOf = (body: string) => {
  const document = JSON.parse(body) as Record<string, string>;
  return document["message"] ?? document["Message"];
};

describe("an invocation", () => {
  it("has one id: in the answer's header, in the context and in the log", async () => {
    const answer = await sendSigned({
      method: "POST",
      path: pathOf(echo),
      headers: { "x-amz-log-type": "Tail" },
      body: "{}",
    });
    const id = answer.headers.get("x-amzn-requestid");
    expect((JSON.parse(answer.body) as { id: string }).id).toBe(id);
    const log = Buffer.from(answer.headers.get("x-amz-log-result") ?? "", "base64").toString();
    expect(log).toContain(`START RequestId: ${id} Version: $LATEST\n`);
    expect(answer.headers.get("x-amz-executed-version")).toBe("$LATEST");
    expect(answer.headers.get("x-amz-function-error")).toBeNull();
    expect(answer.headers.get("content-type")).toBe("application/json");
  });

  it("sees its function's ARN as it was addressed", async () => {
    expect((await invoke(echo)).json.arn).toBe(`${ARN}:${echo}`);
    expect((await invoke(echo, {}, { Qualifier: "$LATEST" })).json.arn).toBe(
      `${ARN}:${echo}:$LATEST`,
    );
    expect((await invoke(`${ARN}:${echo}`)).json.arn).toBe(`${ARN}:${echo}`);
  });

  it("carries the caller's trace, and gets one where there is none", async () => {
    const root = "1-5759e988-bd862e3fe1be46a994272793";
    const answer = await sendSigned({
      method: "POST",
      path: pathOf(echo),
      headers: { "x-amzn-trace-id": `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1` },
      body: "{}",
    });
    expect((JSON.parse(answer.body) as { trace: string }).trace).toContain(`Root=${root}`);
    expect((await invoke(echo)).json.trace).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};/);
  });

  it("takes an event of exactly 6 MB and of exactly 1 MB as Event", async () => {
    const count = await createFunction({
      files: { "index.mjs": "export const handler = async (event) => event.length;" },
      MemorySize: 512,
    });
    expect((await invoke(count, "x".repeat(6 * MIB - 2))).json).toBe(6 * MIB - 2);
    const body = JSON.stringify("x".repeat(MIB - 2));
    const headers = { "x-amz-invocation-type": "Event" };
    const answer = await sendSigned({ method: "POST", path: pathOf(count), headers, body });
    expect(answer.status).toBe(202);
    expect(answer.body).toBe("");
  });

  it("that is accepted keeps its id through every attempt, each of which is on record", async () => {
    const name = await createFunction({
      files: { "index.mjs": "export const handler = async () => { throw new Error('never'); };" },
    });
    const { requestId } = await invoke(name, {}, { InvocationType: "Event" });
    const record = await eventually(
      async () => {
        const shown = JSON.parse(await runPaddock("invocations", "show", requestId, "--json")) as {
          invocation: { state: string };
          attempts: { attempt: number; requestId: string }[];
        };
        expect(shown.invocation.state).toBe("failed");
        return shown;
      },
      { timeoutMs: 30_000, intervalMs: 300 },
    );
    expect(record.invocation).toMatchObject({
      requestId,
      functionName: name,
      invocationType: "Event",
      fate: "failed",
      attempts: 3,
      errorType: "Error",
      errorMessage: "never",
    });
    expect(record.attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(record.attempts.every((attempt) => attempt.requestId === requestId)).toBe(true);
  });
});

describe("Invoke refuses", () => {
  it.each<[string, Record<string, string>, string, string]>([
    [
      "an unknown invocation type",
      { "x-amz-invocation-type": "Later" },
      "ValidationException",
      "1 validation error detected: Value 'Later' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: ",
    ],
    [
      "an unknown log type",
      { "x-amz-log-type": "Head" },
      "ValidationException",
      "1 validation error detected: Value 'Head' at 'logType' failed to satisfy constraint: Member must satisfy enum value set: ",
    ],
    [
      "a client context that is no JSON",
      { "x-amz-client-context": Buffer.from("{").toString("base64") },
      "InvalidRequestContentException",
      "",
    ],
    [
      "a client context of more than 3,583 bytes",
      { "x-amz-client-context": "e30=".repeat(896) },
      "InvalidRequestContentException",
      "Client context must be at most 3583 bytes",
    ],
  ])("%s", async (_what, headers, code, message) => {
    const answer = await sendSigned({ method: "POST", path: pathOf(echo), headers, body: "{}" });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("x-amzn-errortype")).toBe(code);
    expect(messageOf(answer.body)?.startsWith(message)).toBe(true);
  });

  it.each<[string, string | Uint8Array<ArrayBuffer>, string]>([
    [
      "a stray character",
      "nonsense{",
      "Unrecognized token 'nonsense': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    [
      "a byte that is no UTF-8",
      new Uint8Array([0x22, 0x87, 0x22]),
      "Invalid UTF-8 start byte 0x87",
    ],
    [
      "an unexpected character",
      "!",
      "Unexpected character ('!' (code 33)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
  ])("JSON with %s, saying where", async (_what, body, text) => {
    const answer = await sendSigned({ method: "POST", path: pathOf(echo), body });
    expect(answer.status).toBe(400);
    const message = messageOf(answer.body);
    expect(message).toContain(
      "Could not parse request body into json: Could not parse payload into json: ",
    );
    expect(message).toContain(text);
    expect(message).toContain(
      "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: ",
    );
  });

  it("a qualifier of nothing, for a function that there is and for none", async () => {
    for (const name of [echo, "nobody"]) {
      await expect(
        lambda.send(new InvokeCommand({ FunctionName: name, Qualifier: "prod" })),
      ).rejects.toMatchObject({
        name: "ResourceNotFoundException",
        Type: "User",
        message: `Function not found: ${ARN}:${name}:prod`,
        $metadata: { httpStatusCode: 404 },
      });
    }
    await expect(
      lambda.send(new InvokeCommand({ FunctionName: "nobody", Qualifier: "$LATEST" })),
    ).rejects.toMatchObject({ message: `Function not found: ${ARN}:nobody:$LATEST` });
  });

  it("a DryRun of a function that does not exist", async () => {
    await expect(invoke("nobody", {}, { InvocationType: "DryRun" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
