/** Invoke: types, headers, payloads, limits, as Lambda answers them. */
import { describe, expect, it } from "vitest";
import { sendSigned } from "../support/clients.ts";
import { createFunction, invoke, invokeWithLog } from "../support/functions.ts";

const echo = { "index.mjs": "export const handler = async (event) => event;" };
const MIB = 1024 * 1024;

describe("a RequestResponse invocation", () => {
  it("answers 200 with what the handler returned and the version that ran", async () => {
    const name = await createFunction({ files: echo });
    const event = { text: "grüße 🐴", nested: [1, null, true] };
    const answer = await invoke(name, event);
    expect(answer).toMatchObject({ status: 200, executedVersion: "$LATEST", json: event });
    expect(answer.functionError).toBeUndefined();
  });

  it("answers null where the handler returned nothing", async () => {
    const name = await createFunction({
      files: { "index.mjs": "export const handler = async () => {};" },
    });
    expect((await invoke(name)).text).toBe("null");
  });

  it("hands an empty body to the handler as an empty object", async () => {
    const name = await createFunction({ files: echo });
    expect((await invoke(name, {}, { Payload: new Uint8Array() })).json).toEqual({});
  });

  it("returns the end of the log with LogType Tail", async () => {
    const files = { "index.mjs": "export const handler = async () => console.log('said by me');" };
    const name = await createFunction({ files });
    const { log, requestId } = await invokeWithLog(name);
    const lines = log.split("\n");
    expect(lines[0]).toBe(`START RequestId: ${requestId} Version: $LATEST`);
    expect(log).toMatch(new RegExp(`Z\t${requestId}\tINFO\tsaid by me\n`));
    expect(log).toContain(`\nEND RequestId: ${requestId}\nREPORT RequestId: ${requestId}\t`);
    expect((await invoke(name)).log).toBe("");
  });

  it("keeps the last 4 KB of a long log", async () => {
    const files = {
      "index.mjs":
        "export const handler = async () => { for (let i = 0; i < 500; i++) console.log('line', i); };",
    };
    const { log } = await invokeWithLog(await createFunction({ files }));
    expect(Buffer.byteLength(log)).toBeLessThanOrEqual(4096);
    expect(log).toContain("line 499");
    expect(log).toContain("REPORT RequestId");
  });

  it("shows the client context to the handler", async () => {
    const files = { "index.mjs": "export const handler = async (e, c) => c.clientContext;" };
    const name = await createFunction({ files });
    const context = { client: { app_title: "x" }, Custom: { color: "red" }, env: { a: "b" } };
    const ClientContext = Buffer.from(JSON.stringify(context)).toString("base64");
    expect((await invoke(name, {}, { ClientContext })).json).toMatchObject(context);
  });

  it("carries 6 MB there and 6 MB back, which is more than NATS sends by default", async () => {
    const name = await createFunction({ files: echo, MemorySize: 512 });
    const event = "x".repeat(6 * MIB - 2);
    expect((await invoke(name, event)).json).toBe(event);
  });

  it("turns a larger result into a function error", async () => {
    const files = {
      "index.mjs": "export const handler = async () => 'x'.repeat(7 * 1024 * 1024);",
    };
    const answer = await invoke(await createFunction({ files, MemorySize: 512 }));
    expect(answer.functionError).toBe("Unhandled");
    expect(answer.json.errorType).toBe("Function.ResponseSizeTooLarge");
  });

  it("is served by warm environments, whose globals are kept", async () => {
    const files = { "index.mjs": "let count = 0; export const handler = async () => ++count;" };
    const name = await createFunction({ files });
    const counts = [];
    for (let index = 0; index < 4; index += 1) counts.push((await invoke(name)).json);
    expect(counts).toEqual([1, 2, 3, 4]);
  });

  it("runs beside others of the same function, each in an environment of its own", async () => {
    const files = {
      "index.mjs": `import { randomUUID } from "node:crypto";
        const environment = randomUUID(); let running = 0;
        export const handler = async () => {
          running += 1; const alone = running === 1;
          await new Promise((resolve) => setTimeout(resolve, 1000));
          running -= 1; return { environment, alone };
        };`,
    };
    const name = await createFunction({ files });
    const answers = await Promise.all(Array.from({ length: 5 }, () => invoke(name)));
    expect(answers.map(({ json }) => json.alone)).toEqual([true, true, true, true, true]);
    expect(new Set(answers.map(({ json }) => json.environment)).size).toBe(5);
  });
});

describe("an Event invocation", () => {
  it("answers 202 with an empty body and without a version", async () => {
    const name = await createFunction({ files: echo });
    const answer = await invoke(name, {}, { InvocationType: "Event" });
    expect(answer).toMatchObject({ status: 202, text: "" });
    expect(answer.executedVersion).toBeUndefined();
    expect(answer.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("a DryRun invocation", () => {
  it("answers 204 for a function that exists and runs nothing", async () => {
    const files = { "index.mjs": "let count = 0; export const handler = async () => ++count;" };
    const name = await createFunction({ files });
    const answer = await invoke(name, {}, { InvocationType: "DryRun" });
    expect(answer).toMatchObject({ status: 204, text: "" });
    expect((await invoke(name)).json).toBe(1);
  });
});

describe("what Invoke refuses", () => {
  const path = (name: string) => `/2015-03-31/functions/${name}/invocations`;

  it.each(["RequestResponse", "Event"])("an event that is no JSON, for %s", async (type) => {
    const name = await createFunction({ files: echo });
    const headers = { "x-amz-invocation-type": type };
    const answer = await sendSigned({
      method: "POST",
      path: path(name),
      headers,
      body: "{no json",
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("x-amzn-errortype")).toBe("InvalidRequestContentException");
    const body = JSON.parse(answer.body) as { Type: string; message: string };
    expect(body.Type).toBe("User");
    expect(body.message).toMatch(
      /^Could not parse request body into json: Could not parse payload into json: /,
    );
  });

  it("a function that does not exist, under the name that was asked for", async () => {
    const answer = await sendSigned({ method: "POST", path: path("nobody"), body: "{}" });
    expect(answer.status).toBe(404);
    expect(answer.headers.get("x-amzn-errortype")).toBe("ResourceNotFoundException");
    expect(JSON.parse(answer.body)).toEqual({
      Type: "User",
      Message: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody",
    });
    expect(answer.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("a version that does not exist", async () => {
    const name = await createFunction({ files: echo });
    await expect(invoke(name, {}, { Qualifier: "7" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: `Function not found: arn:aws:lambda:us-east-1:000000000000:function:${name}:7`,
    });
  });

  it.each([
    ["RequestResponse", 6 * MIB],
    ["Event", MIB],
  ])("a %s event of more than %i bytes", async (InvocationType, limit) => {
    const name = await createFunction({ files: echo });
    const answer = await sendSigned({
      method: "POST",
      path: path(name),
      headers: { "x-amz-invocation-type": InvocationType },
      body: JSON.stringify("x".repeat(limit)),
    });
    expect(answer.status).toBe(413);
    expect(answer.headers.get("x-amzn-errortype")).toBe("RequestTooLargeException");
    expect((JSON.parse(answer.body) as { message: string }).message).toContain(
      `payload is too large for the ${InvocationType} invocation type (limit ${limit} bytes)`,
    );
  });
});
