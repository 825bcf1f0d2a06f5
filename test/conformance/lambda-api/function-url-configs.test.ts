/** Function URLs as the API has them. */
import {
  CreateAliasCommand,
  CreateFunctionUrlConfigCommand,
  type CreateFunctionUrlConfigCommandInput,
  DeleteFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  paginateListFunctionUrlConfigs,
  PublishVersionCommand,
  UpdateFunctionUrlConfigCommand,
  type UpdateFunctionUrlConfigCommandInput,
} from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { paddock, sendSigned } from "../support/clients.ts";
import { createFunction, lambda } from "../support/functions.ts";
import { refusal } from "../support/refusal.ts";

const files = { "index.mjs": "export const handler = async () => 1;" };
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

const create = (FunctionName: string, input: Partial<CreateFunctionUrlConfigCommandInput> = {}) =>
  lambda.send(new CreateFunctionUrlConfigCommand({ AuthType: "NONE", ...input, FunctionName }));
const update = (FunctionName: string, input: Partial<UpdateFunctionUrlConfigCommandInput>) =>
  lambda.send(new UpdateFunctionUrlConfigCommand({ ...input, FunctionName }));
const get = (FunctionName: string, Qualifier?: string) =>
  lambda.send(new GetFunctionUrlConfigCommand({ FunctionName, Qualifier }));
const remove = (FunctionName: string, Qualifier?: string) =>
  lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName, Qualifier }));

async function withAlias(): Promise<string> {
  const name = await createFunction({ files });
  await lambda.send(new PublishVersionCommand({ FunctionName: name }));
  const alias = { FunctionName: name, Name: "live", FunctionVersion: "1" };
  await lambda.send(new CreateAliasCommand(alias));
  return name;
}

const noFunction = {
  code: "ResourceNotFoundException",
  status: 404,
  message: "Function does not exist",
};
const noUrl = { ...noFunction, message: "The resource you requested does not exist." };

describe("CreateFunctionUrlConfig", () => {
  it("answers 201 with the URL, without members that nobody has given", async () => {
    const name = await createFunction({ files });
    const answer = await sendSigned({
      method: "POST",
      path: `/2021-10-31/functions/${name}/url`,
      body: JSON.stringify({ AuthType: "NONE" }),
    });
    expect(answer.status).toBe(201);
    expect(JSON.parse(answer.body)).toEqual({
      FunctionUrl: expect.stringMatching(
        new RegExp(`^http://[a-z0-9]{32}\\.lambda-url\\.us-east-1\\.localhost:${paddock.port}/$`),
      ),
      FunctionArn: arnOf(name),
      AuthType: "NONE",
      CreationTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
    });
  });

  it("echoes CORS and the mode where they are given", async () => {
    const name = await createFunction({ files });
    const Cors = { AllowOrigins: ["*"], AllowMethods: ["GET"], MaxAge: 60 };
    const created = await create(name, { Cors, InvokeMode: "BUFFERED" });
    expect(created).toMatchObject({ Cors, InvokeMode: "BUFFERED" });
    expect(created.Cors).toEqual(Cors);
  });

  it("is for an alias where one is named", async () => {
    const name = await withAlias();
    const { FunctionUrl: own } = await create(name);
    const { FunctionUrl, FunctionArn } = await create(name, { Qualifier: "live" });
    expect(FunctionArn).toBe(`${arnOf(name)}:live`);
    expect(FunctionUrl).not.toBe(own);
  });

  it("ResourceConflictException: it has one", async () => {
    const name = await createFunction({ files });
    await create(name);
    expect(await refusal(create(name))).toEqual({
      code: "ResourceConflictException",
      status: 409,
      message: `Failed to create function url config for [functionArn = ${arnOf(name)}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    });
  });

  it("ResourceNotFoundException: there is no such function or alias", async () => {
    const name = await createFunction({ files });
    expect(await refusal(create("nobody"))).toEqual(noFunction);
    expect(await refusal(create(name, { Qualifier: "live" }))).toEqual(noFunction);
  });

  it.each<[string, Partial<CreateFunctionUrlConfigCommandInput>, string]>([
    [
      "$LATEST by name",
      { Qualifier: "$LATEST" },
      "Value '$LATEST' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)",
    ],
    [
      "a version",
      { Qualifier: "1" },
      "Value '1' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)",
    ],
    [
      "another way to authenticate",
      { AuthType: "BASIC" as "NONE" },
      "Value 'BASIC' at 'authType' failed to satisfy constraint: Member must satisfy enum value set: [NONE, AWS_IAM]",
    ],
    [
      "an age of CORS above a day",
      { Cors: { MaxAge: 86_401 } },
      "Value '86401' at 'cors.maxAge' failed to satisfy constraint: Member must have value less than or equal to 86400",
    ],
  ])("ValidationException: %s", async (_what, input, message) => {
    const name = await createFunction({ files });
    expect(await refusal(create(name, input))).toEqual({
      code: "ValidationException",
      status: 400,
      message: `1 validation error detected: ${message}`,
    });
  });
});

describe("GetFunctionUrlConfig", () => {
  it("gives the mode always, and when it was changed", async () => {
    const name = await createFunction({ files });
    const created = await create(name);
    const found = await get(name);
    expect(found).toMatchObject({
      FunctionUrl: created.FunctionUrl,
      CreationTime: created.CreationTime,
      LastModifiedTime: created.CreationTime,
      InvokeMode: "BUFFERED",
    });
  });

  it("ResourceNotFoundException: there is no URL, or no function", async () => {
    const name = await createFunction({ files });
    expect(await refusal(get(name))).toEqual(noUrl);
    expect(await refusal(get("nobody"))).toEqual(noUrl);
  });
});

describe("UpdateFunctionUrlConfig", () => {
  it("changes what is given, keeps the rest and the URL", async () => {
    const name = await createFunction({ files });
    const created = await create(name, { Cors: { AllowOrigins: ["*"] } });
    const updated = await update(name, { AuthType: "AWS_IAM" });
    expect(updated).toMatchObject({
      FunctionUrl: created.FunctionUrl,
      AuthType: "AWS_IAM",
      Cors: { AllowOrigins: ["*"] },
    });
    expect((await update(name, { Cors: {} })).Cors).toEqual({});
    expect((await get(name)).AuthType).toBe("AWS_IAM");
  });

  it("ResourceNotFoundException: there is no URL, alias or function", async () => {
    const name = await createFunction({ files });
    expect(await refusal(update(name, { AuthType: "NONE" }))).toEqual(noUrl);
    expect(await refusal(update(name, { Qualifier: "live" }))).toEqual(noFunction);
    expect(await refusal(update("nobody", { AuthType: "NONE" }))).toEqual(noFunction);
  });
});

describe("DeleteFunctionUrlConfig", () => {
  it("answers 204, and a new one has another address", async () => {
    const name = await createFunction({ files });
    const { FunctionUrl } = await create(name);
    expect((await remove(name)).$metadata.httpStatusCode).toBe(204);
    expect(await refusal(get(name))).toEqual(noUrl);
    expect((await create(name)).FunctionUrl).not.toBe(FunctionUrl);
  });

  it("ResourceNotFoundException: there is no URL, or no function", async () => {
    const name = await createFunction({ files });
    expect(await refusal(remove(name))).toEqual(noUrl);
    expect(await refusal(remove("nobody"))).toEqual(noUrl);
  });
});

describe("ListFunctionUrlConfigs", () => {
  const listed = async (FunctionName: string) => {
    const arns = [];
    const config = { client: lambda, pageSize: 1 };
    for await (const page of paginateListFunctionUrlConfigs(config, { FunctionName })) {
      expect(page.FunctionUrlConfigs?.length).toBeLessThanOrEqual(1);
      arns.push(...(page.FunctionUrlConfigs ?? []).map(({ FunctionArn }) => FunctionArn));
    }
    return arns;
  };

  it("lists the function's own and those of its aliases, in pages", async () => {
    const name = await withAlias();
    await create(name, { Qualifier: "live" });
    await create(name);
    expect(await listed(name)).toEqual([arnOf(name), `${arnOf(name)}:live`]);
  });

  it("ResourceNotFoundException: there is no such function", async () => {
    expect(await refusal(listed("nobody"))).toEqual(noFunction);
  });
});
