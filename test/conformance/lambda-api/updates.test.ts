/** What updates and deletions answer: status, revision, conflicts, dry runs, Lambda's words. */
import { createHash } from "node:crypto";
import {
  GetFunctionConfigurationCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { buildZip } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { sendSigned } from "../support/clients.ts";
import { createFunction, invoke, lambda } from "../support/functions.ts";

const functions = "/2015-03-31/functions";
const one = { "index.mjs": "export const handler = async () => 1;" };
const two = { "index.mjs": "export const handler = async () => 2;" };
const STALE = "00000000-0000-4000-8000-000000000000";

async function refused(method: string, path: string, document?: unknown) {
  const body = document === undefined ? "" : JSON.stringify(document);
  const answer = await sendSigned({ method, path: `${functions}${path}`, body });
  expect(answer.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
  return {
    status: answer.status,
    code: answer.headers.get("x-amzn-errortype"),
    body: JSON.parse(answer.body) as unknown,
  };
}

const configurationOf = (FunctionName: string) =>
  lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));

describe("an update", () => {
  it("is in progress at first, then successful, with another revision at each step", async () => {
    const FunctionName = await createFunction({ files: one });
    const { RevisionId } = await configurationOf(FunctionName);
    const updated = await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 5, RevisionId }),
    );
    expect(updated).toMatchObject({
      State: "Active",
      LastUpdateStatus: "InProgress",
      LastUpdateStatusReason: "The function is being created.",
      LastUpdateStatusReasonCode: "Creating",
    });
    const { state } = await waitUntilFunctionUpdatedV2(
      { client: lambda, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
      { FunctionName },
    );
    expect(state).toBe("SUCCESS");
    const done = await configurationOf(FunctionName);
    expect(done).toMatchObject({ LastUpdateStatus: "Successful", Timeout: 5 });
    expect(done.LastUpdateStatusReason).toBeUndefined();
    expect(new Set([RevisionId, updated.RevisionId, done.RevisionId]).size).toBe(3);
  });

  it.each(["code", "configuration"])("of the %s refuses a stale RevisionId", async (resource) => {
    const name = await createFunction({ files: one });
    const ZipFile = (await buildZip(two)).toString("base64");
    const change = resource === "code" ? { ZipFile } : { Timeout: 9 };
    expect(await refused("PUT", `/${name}/${resource}`, { ...change, RevisionId: STALE })).toEqual({
      status: 412,
      code: "PreconditionFailedException",
      body: {
        Type: "User",
        message:
          "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
      },
    });
    expect((await invoke(name)).json).toBe(1);
  });

  it("that is a dry run tells the new code's hash and changes nothing", async () => {
    const FunctionName = await createFunction({ files: one });
    const before = await configurationOf(FunctionName);
    const ZipFile = await buildZip(two);
    const answer = await lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName, ZipFile, DryRun: true }),
    );
    expect(answer.CodeSha256).toBe(createHash("sha256").update(ZipFile).digest("base64"));
    const { $metadata: _one, ...after } = await configurationOf(FunctionName);
    expect(before).toMatchObject(after);
    expect((await invoke(FunctionName)).json).toBe(1);
  });

  it("with Publish answers the version that it made, which keeps its code", async () => {
    const FunctionName = await createFunction({ files: one });
    const ZipFile = await buildZip(two);
    const published = await lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish: true }),
    );
    expect(published.Version).toBe("1");
    expect(published.FunctionArn).toMatch(new RegExp(`:function:${FunctionName}:1$`));
  });

  it("with an image is refused for a function of a zip", async () => {
    const name = await createFunction({ files: one });
    expect(await refused("PUT", `/${name}/code`, { ImageUri: "x.dkr.ecr/y:z" })).toMatchObject({
      status: 400,
      code: "InvalidParameterValueException",
      body: {
        message: "Please don't provide ImageUri when updating a function with packageType Zip.",
      },
    });
  });

  it("to a runtime that was retired is refused", async () => {
    const name = await createFunction({ files: one });
    const Runtime = "nodejs12.x";
    expect(await refused("PUT", `/${name}/configuration`, { Runtime })).toEqual({
      status: 400,
      code: "InvalidParameterValueException",
      body: {
        Type: "User",
        message:
          "The runtime parameter of nodejs12.x is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.",
      },
    });
  });

  it("with several mistakes names them all", async () => {
    const name = await createFunction({ files: one });
    const change = { Timeout: 0, MemorySize: 1 };
    const { status, code, body } = await refused("PUT", `/${name}/configuration`, change);
    expect({ status, code }).toEqual({ status: 400, code: "ValidationException" });
    const { message } = body as { message: string };
    expect(message).toMatch(/^2 validation errors detected: Value '.*' at '.*; Value '/);
    expect(message).toMatch(/Value '0' at 'timeout' failed to satisfy constraint: Member must /);
    expect(message).toMatch(/Value '1' at 'memorySize' failed to satisfy constraint: Member must /);
  });
});

describe("a deletion", () => {
  it("of $LATEST alone is refused", async () => {
    const name = await createFunction({ files: one });
    const answer = await sendSigned({
      method: "DELETE",
      path: `${functions}/${name}`,
      query: { Qualifier: "$LATEST" },
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("x-amzn-errortype")).toBe("InvalidParameterValueException");
    expect(JSON.parse(answer.body)).toEqual({
      Type: "User",
      message: "$LATEST version cannot be deleted without deleting the function.",
    });
    expect((await invoke(name)).json).toBe(1);
  });

  it("answers without a body, and a second one finds nothing", async () => {
    const name = await createFunction({ files: one });
    const request = { method: "DELETE", path: `${functions}/${name}` };
    const answer = await sendSigned(request);
    expect([200, 204]).toContain(answer.status);
    expect(["", "{}"]).toContain(answer.body);
    expect((await sendSigned(request)).status).toBe(404);
  });
});

describe("a name", () => {
  it("whose qualifier differs from the one that is asked for is refused", async () => {
    const name = await createFunction({ files: one });
    const answer = await sendSigned({
      method: "GET",
      path: `${functions}/${encodeURIComponent(`${name}:$LATEST`)}`,
      query: { Qualifier: "7" },
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("x-amzn-errortype")).toBe("InvalidParameterValueException");
    expect((JSON.parse(answer.body) as { message: string }).message).toBe(
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  });

  it.each([
    [
      "arn:aws:lambda:eu-west-1:000000000000:function:f",
      404,
      "ResourceNotFoundException",
      "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    ],
    [
      "arn:aws:lambda:us-east-1:111111111111:function:f",
      403,
      "AccessDeniedException",
      " is not authorized to perform: lambda:",
    ],
  ])("of elsewhere, %s, is refused by both planes", async (arn, status, code, text) => {
    const path = `${functions}/${encodeURIComponent(arn)}`;
    for (const request of [
      { method: "GET", path },
      { method: "POST", path: `${path}/invocations`, body: "{}" },
    ]) {
      const answer = await sendSigned(request);
      expect(answer.status).toBe(status);
      expect(answer.headers.get("x-amzn-errortype")).toBe(code);
      expect((JSON.parse(answer.body) as { Message: string }).Message).toContain(text);
    }
  });
});
