/** Event-invoke configurations: what is kept of them, and that retries go by them. */
import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionEventInvokeConfigCommand,
  paginateListFunctionEventInvokeConfigs,
  PublishVersionCommand,
  PutFunctionEventInvokeConfigCommand,
  type PutFunctionEventInvokeConfigCommandInput,
  UpdateFunctionEventInvokeConfigCommand,
} from "@aws-sdk/client-lambda";
import { eventually } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { sendSigned } from "../support/clients.ts";
import { runPaddock } from "../support/command.ts";
import { createFunction, invoke, lambda } from "../support/functions.ts";
import { refusal } from "../support/refusal.ts";

const files = { "index.mjs": "export const handler = async () => { throw new Error('no'); };" };
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

type Input = Partial<PutFunctionEventInvokeConfigCommandInput>;
const put = (FunctionName: string, input: Input) =>
  lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, ...input }));
const update = (FunctionName: string, input: Input) =>
  lambda.send(new UpdateFunctionEventInvokeConfigCommand({ FunctionName, ...input }));
const get = (FunctionName: string, Qualifier?: string) =>
  lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier }));
const remove = (FunctionName: string, Qualifier?: string) =>
  lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName, Qualifier }));

async function listed(FunctionName: string): Promise<(string | undefined)[]> {
  const arns = [];
  const pages = paginateListFunctionEventInvokeConfigs(
    { client: lambda, pageSize: 1 },
    { FunctionName },
  );
  for await (const page of pages) {
    expect(page.FunctionEventInvokeConfigs?.length).toBeLessThanOrEqual(1);
    arns.push(...(page.FunctionEventInvokeConfigs ?? []).map(({ FunctionArn }) => FunctionArn));
  }
  return arns;
}

const noFunction = {
  code: "ResourceNotFoundException",
  status: 404,
  message: "The function doesn't exist.",
};
const notSet = (arn: string) => ({
  ...noFunction,
  message: `The function ${arn} doesn't have an EventInvokeConfig`,
});

describe("PutFunctionEventInvokeConfig", () => {
  it("answers what was set, with both destinations empty, a qualified ARN and seconds", async () => {
    const name = await createFunction({ files });
    const { status, body } = await sendSigned({
      method: "PUT",
      path: `/2019-09-25/functions/${name}/event-invoke-config`,
      body: JSON.stringify({ MaximumRetryAttempts: 1 }),
    });
    expect(status).toBe(200);
    const document = JSON.parse(body) as { LastModified: number };
    expect(document).toEqual({
      LastModified: expect.any(Number),
      FunctionArn: `${arnOf(name)}:$LATEST`,
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnSuccess: {}, OnFailure: {} },
    });
    expect(Math.abs(document.LastModified - Date.now() / 1000)).toBeLessThan(60);
  });

  it("replaces all that was set before", async () => {
    const name = await createFunction({ files });
    await put(name, { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
    await put(name, { MaximumEventAgeInSeconds: 120 });
    const found = await get(name);
    expect(found.MaximumEventAgeInSeconds).toBe(120);
    expect(found.MaximumRetryAttempts).toBeUndefined();
  });

  it("ResourceNotFoundException: there is no such function, version or alias", async () => {
    const name = await createFunction({ files });
    const input = { MaximumRetryAttempts: 0 };
    expect(await refusal(put("nobody", input))).toEqual(noFunction);
    expect(await refusal(put(name, { ...input, Qualifier: "live" }))).toEqual(noFunction);
    expect(await refusal(put(name, { ...input, Qualifier: "7" }))).toEqual(noFunction);
  });

  it.each<[Input, string, string]>([
    [
      {},
      "InvalidParameterValueException",
      "You must specify at least one of error handling or destination setting.",
    ],
    [
      { MaximumRetryAttempts: 3 },
      "ValidationException",
      "1 validation error detected: Value '3' at 'maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 2",
    ],
    [
      { MaximumEventAgeInSeconds: 59 },
      "ValidationException",
      "1 validation error detected: Value '59' at 'maximumEventAgeInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60",
    ],
    [
      { DestinationConfig: { OnSuccess: { Destination: "nowhere" } } },
      "ValidationException",
      "1 validation error detected: Value 'nowhere' at 'destinationConfig.onSuccess.destination' failed to satisfy constraint: Member must satisfy regular expression pattern: ",
    ],
  ])("refuses %j", async (input, code, message) => {
    const name = await createFunction({ files });
    const refused = await refusal(put(name, input));
    expect(refused).toMatchObject({ code, status: 400 });
    expect(refused.message).toContain(message);
  });

  it("InvalidParameterValueException: a destination is the function itself, or not delivered to", async () => {
    const name = await createFunction({ files });
    const to = (Destination: string) => ({ DestinationConfig: { OnFailure: { Destination } } });
    expect(await refusal(put(name, to(arnOf(name))))).toEqual({
      code: "InvalidParameterValueException",
      status: 400,
      message: "You can't specify the function as a destination for itself.",
    });
    const queue = "arn:aws:sqs:us-east-1:000000000000:queue";
    expect((await refusal(put(name, to(queue)))).message).toContain(
      `The destination ARN ${queue} is invalid.`,
    );
  });
});

describe("UpdateFunctionEventInvokeConfig", () => {
  it("changes what is given and keeps the rest", async () => {
    const name = await createFunction({ files });
    await put(name, { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
    expect(await update(name, { MaximumEventAgeInSeconds: 90 })).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 90,
    });
  });

  it("ResourceNotFoundException: nothing was set, or there is no such function", async () => {
    const name = await createFunction({ files });
    const input = { MaximumRetryAttempts: 0 };
    expect(await refusal(update(name, input))).toEqual(notSet(`${arnOf(name)}:$LATEST`));
    expect(await refusal(update("nobody", input))).toEqual(noFunction);
  });
});

describe("GetFunctionEventInvokeConfig", () => {
  it("tells qualifiers apart", async () => {
    const name = await createFunction({ files });
    await lambda.send(new PublishVersionCommand({ FunctionName: name }));
    await put(name, { MaximumRetryAttempts: 0 });
    await put(name, { MaximumRetryAttempts: 1, Qualifier: "1" });
    expect((await get(name)).MaximumRetryAttempts).toBe(0);
    expect((await get(name, "$LATEST")).MaximumRetryAttempts).toBe(0);
    expect(await get(name, "1")).toMatchObject({
      MaximumRetryAttempts: 1,
      FunctionArn: `${arnOf(name)}:1`,
    });
  });

  it("ResourceNotFoundException: nothing was set, or there is no such function", async () => {
    const name = await createFunction({ files });
    expect(await refusal(get(name))).toEqual(notSet(`${arnOf(name)}:$LATEST`));
    expect(await refusal(get("nobody", "1"))).toEqual(notSet(`${arnOf("nobody")}:1`));
  });
});

describe("DeleteFunctionEventInvokeConfig", () => {
  it("answers 204, and leaves those of other qualifiers", async () => {
    const name = await createFunction({ files });
    await lambda.send(new PublishVersionCommand({ FunctionName: name }));
    await put(name, { MaximumRetryAttempts: 0 });
    await put(name, { MaximumRetryAttempts: 1, Qualifier: "1" });
    expect((await remove(name)).$metadata.httpStatusCode).toBe(204);
    expect(await listed(name)).toEqual([`${arnOf(name)}:1`]);
  });

  it("ResourceNotFoundException: nothing was set", async () => {
    const name = await createFunction({ files });
    expect(await refusal(remove(name))).toEqual(notSet(`${arnOf(name)}:$LATEST`));
  });
});

describe("ListFunctionEventInvokeConfigs", () => {
  it("lists by qualifier, in pages, and nothing of an alias that is gone", async () => {
    const name = await createFunction({ files });
    await lambda.send(new PublishVersionCommand({ FunctionName: name }));
    const alias = { FunctionName: name, Name: "live" };
    await lambda.send(new CreateAliasCommand({ ...alias, FunctionVersion: "1" }));
    for (const Qualifier of ["live", "1", "$LATEST"]) {
      await put(name, { MaximumRetryAttempts: 0, Qualifier });
    }
    expect(await listed(name)).toEqual(
      ["$LATEST", "1", "live"].map((qualifier) => `${arnOf(name)}:${qualifier}`),
    );
    await lambda.send(new DeleteAliasCommand(alias));
    expect(await listed(name)).toHaveLength(2);
  });

  it("ResourceNotFoundException: there is no such function", async () => {
    expect(await refusal(listed("nobody"))).toEqual(noFunction);
  });
});

describe("an event whose function fails", () => {
  const attempts = async (requestId: string) =>
    eventually(
      async () => {
        const shown = JSON.parse(await runPaddock("invocations", "show", requestId, "--json"));
        expect(shown.invocation).toMatchObject({ fate: "failed" });
        return shown.attempts.length as number;
      },
      { timeoutMs: 30_000, intervalMs: 250 },
    );

  it("is tried as often as its qualifier says", async () => {
    const name = await createFunction({ files });
    await lambda.send(new PublishVersionCommand({ FunctionName: name }));
    await put(name, { MaximumRetryAttempts: 0 });
    await put(name, { MaximumRetryAttempts: 1, Qualifier: "1" });
    const send = async (Qualifier?: string) =>
      (await invoke(name, {}, { InvocationType: "Event", Qualifier })).requestId;
    const [latest, version] = [await send(), await send("1")];
    expect(await attempts(latest)).toBe(1);
    expect(await attempts(version)).toBe(2);
  });
});
