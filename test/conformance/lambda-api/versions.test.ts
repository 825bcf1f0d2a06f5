/** Published versions: frozen, numbered, found by qualifier, deleted one by one. */
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  paginateListVersionsByFunction,
  PublishVersionCommand,
  paginateListFunctions,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
  waitUntilPublishedVersionActive,
} from "@aws-sdk/client-lambda";
import { buildZip } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { sendSigned } from "../support/clients.ts";
import { createFunction, invoke, lambda, ROLE_ARN, uniqueName } from "../support/functions.ts";
import { refusal } from "../support/refusal.ts";

const says = (what: number) => ({
  "index.mjs": `export const handler = async () => [${what}, process.env.AWS_LAMBDA_FUNCTION_VERSION];`,
});
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const waiting = { client: lambda, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };

const publish = (FunctionName: string, more = {}) =>
  lambda.send(new PublishVersionCommand({ FunctionName, ...more }));

async function updateCode(FunctionName: string, what: number, more = {}) {
  const ZipFile = await buildZip(says(what));
  const command = new UpdateFunctionCodeCommand({ FunctionName, ZipFile, ...more });
  const updated = await lambda.send(command);
  await waitUntilFunctionUpdatedV2(waiting, { FunctionName });
  return updated;
}

async function versionsOf(FunctionName: string): Promise<(string | undefined)[]> {
  const listed = [];
  for await (const page of paginateListVersionsByFunction(
    { client: lambda, pageSize: 2 },
    { FunctionName },
  )) {
    expect(page.Versions?.length).toBeLessThanOrEqual(2);
    listed.push(...(page.Versions ?? []).map(({ Version }) => Version));
  }
  return listed;
}

describe("PublishVersion", () => {
  it("freezes code and configuration under the next number", async () => {
    const name = await createFunction({ files: says(1), Description: "of the function" });
    const latest = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    const { $metadata, ...published } = await publish(name, { Description: "the first" });
    expect($metadata.httpStatusCode).toBe(201);
    expect(published).toEqual({
      ...latest,
      $metadata: undefined,
      FunctionArn: `${arnOf(name)}:1`,
      Version: "1",
      Description: "the first",
      LastModified: expect.any(String),
      RevisionId: expect.not.stringMatching(latest.RevisionId ?? ""),
    });
    await updateCode(name, 2);
    expect((await invoke(name)).json).toEqual([2, "$LATEST"]);
    const frozen = await invoke(name, {}, { Qualifier: "1" });
    expect(frozen.json).toEqual([1, "1"]);
    expect(frozen.executedVersion).toBe("1");
    const second = await publish(name);
    expect(second).toMatchObject({ Version: "2", Description: "of the function" });
    expect((await invoke(`${name}:2`)).json).toEqual([2, "2"]);
  });

  it("makes no new version where nothing has changed, and one where the configuration has", async () => {
    const name = await createFunction({ files: says(1) });
    const first = await publish(name);
    expect(await publish(name)).toEqual({ ...first, $metadata: expect.anything() });
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: name, MemorySize: 256 }),
    );
    await waitUntilFunctionUpdatedV2(waiting, { FunctionName: name });
    expect(await publish(name)).toMatchObject({ Version: "2", MemorySize: 256 });
    const one = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: name, Qualifier: "1" }),
    );
    expect(one).toMatchObject({ Version: "1", MemorySize: 128, FunctionArn: `${arnOf(name)}:1` });
  });

  it("publishes only what the caller has seen", async () => {
    const name = await createFunction({ files: says(1) });
    const latest = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    expect(await refusal(publish(name, { RevisionId: "not-this-one" }))).toEqual({
      code: "PreconditionFailedException",
      status: 412,
      message:
        "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
    });
    expect(await refusal(publish(name, { CodeSha256: "bm8=" }))).toEqual({
      code: "InvalidParameterValueException",
      status: 400,
      message: `CodeSHA256 (bm8=) is different from current CodeSHA256 in $LATEST (${latest.CodeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
    });
    const seen = { RevisionId: latest.RevisionId, CodeSha256: latest.CodeSha256 };
    expect(await publish(name, seen)).toMatchObject({ Version: "1" });
  });

  it("ResourceNotFoundException: there is no such function", async () => {
    expect(await refusal(publish("nobody"))).toEqual({
      code: "ResourceNotFoundException",
      status: 404,
      message: `Function not found: ${arnOf("nobody")}`,
    });
  });
});

describe("Publish: true", () => {
  it("of CreateFunction makes version 1 with the function, and a waiter sees it active", async () => {
    const FunctionName = uniqueName("published");
    const created = await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: ROLE_ARN,
        Code: { ZipFile: await buildZip(says(1)) },
        Publish: true,
      }),
    );
    expect(created).toMatchObject({ Version: "1", FunctionArn: `${arnOf(FunctionName)}:1` });
    await waitUntilPublishedVersionActive(
      { client: lambda, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
      { FunctionName, Qualifier: "1" },
    );
    expect((await invoke(FunctionName, {}, { Qualifier: "1" })).json).toEqual([1, "1"]);
    expect(await versionsOf(FunctionName)).toEqual(["$LATEST", "1"]);
  });

  it("of UpdateFunctionCode publishes what the update makes", async () => {
    const name = await createFunction({ files: says(1) });
    const updated = await updateCode(name, 2, { Publish: true });
    expect(updated).toMatchObject({ Version: "1", FunctionArn: `${arnOf(name)}:1` });
    expect((await invoke(`${name}:1`)).json).toEqual([2, "1"]);
  });
});

describe("ListVersionsByFunction", () => {
  it("lists $LATEST, then the numbers in order, in pages", async () => {
    const name = await createFunction({ files: says(0) });
    for (let number = 1; number <= 3; number += 1) {
      await updateCode(name, number);
      await publish(name);
    }
    expect(await versionsOf(name)).toEqual(["$LATEST", "1", "2", "3"]);
    const { body } = await sendSigned({
      method: "GET",
      path: `/2015-03-31/functions/${name}/versions`,
    });
    const { Versions } = JSON.parse(body) as { Versions: Record<string, unknown>[] };
    expect(Versions.map(({ FunctionArn }) => FunctionArn)).toEqual(
      ["$LATEST", "1", "2", "3"].map((version) => `${arnOf(name)}:${version}`),
    );
    expect(Versions[0]).not.toHaveProperty("State");
  });

  it("ResourceNotFoundException: there is no such function", async () => {
    expect(await refusal(versionsOf("nobody"))).toEqual({
      code: "ResourceNotFoundException",
      status: 404,
      message: `Function not found: ${arnOf("nobody")}`,
    });
  });
});

describe("ListFunctions", () => {
  it("with FunctionVersion ALL lists every version", async () => {
    const name = await createFunction({ files: says(1) });
    await publish(name);
    const listed = [];
    for await (const page of paginateListFunctions({ client: lambda }, { FunctionVersion: "ALL" }))
      listed.push(...(page.Functions ?? []));
    const ours = listed.filter(({ FunctionName }) => FunctionName === name);
    expect(ours.map(({ FunctionArn }) => FunctionArn)).toEqual([
      `${arnOf(name)}:$LATEST`,
      `${arnOf(name)}:1`,
    ]);
  });
});

describe("GetFunction", () => {
  it("with a qualifier gives that version and its code", async () => {
    const name = await createFunction({ files: says(1) });
    await publish(name);
    await updateCode(name, 2);
    const { Configuration, Code } = await lambda.send(
      new GetFunctionCommand({ FunctionName: name, Qualifier: "1" }),
    );
    expect(Configuration).toMatchObject({ Version: "1", FunctionArn: `${arnOf(name)}:1` });
    const zip = Buffer.from(await (await fetch(Code?.Location ?? "")).arrayBuffer());
    expect(zip).toEqual(await buildZip(says(1)));
  });

  it("ResourceNotFoundException: there is no such version", async () => {
    const name = await createFunction({ files: says(1) });
    const get = lambda.send(new GetFunctionCommand({ FunctionName: name, Qualifier: "7" }));
    expect(await refusal(get)).toMatchObject({
      code: "ResourceNotFoundException",
      message: `Function not found: ${arnOf(name)}:7`,
    });
  });
});

describe("DeleteFunction", () => {
  const remove = (FunctionName: string, Qualifier: string) =>
    lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier }));

  it("with a qualifier deletes that version only, whose number is not used again", async () => {
    const name = await createFunction({ files: says(1) });
    await publish(name);
    await updateCode(name, 2);
    await publish(name);
    expect((await invoke(`${name}:2`)).json).toEqual([2, "2"]);
    expect((await remove(name, "2")).$metadata.httpStatusCode).toBe(204);
    expect(await versionsOf(name)).toEqual(["$LATEST", "1"]);
    expect((await refusal(invoke(`${name}:2`))).code).toBe("ResourceNotFoundException");
    expect((await invoke(`${name}:1`)).json).toEqual([1, "1"]);
    expect(await publish(name)).toMatchObject({ Version: "3" });
  });

  it("of a version that is not there changes nothing", async () => {
    const name = await createFunction({ files: says(1) });
    expect((await remove(name, "99")).$metadata.httpStatusCode).toBe(204);
    expect(await versionsOf(name)).toEqual(["$LATEST"]);
  });

  it("ResourceConflictException: an alias refers to the version", async () => {
    const name = await createFunction({ files: says(1) });
    await publish(name);
    for (const Name of ["live", "next"]) {
      await lambda.send(new CreateAliasCommand({ FunctionName: name, Name, FunctionVersion: "1" }));
    }
    expect(await refusal(remove(name, "1"))).toEqual({
      code: "ResourceConflictException",
      status: 409,
      message: "Unable to delete version because the following aliases reference it: [live, next]",
    });
  });

  it.each([
    ["$LATEST", "$LATEST version cannot be deleted without deleting the function."],
    ["live", "Deletion of aliases is not currently supported."],
  ])("cannot delete %s", async (qualifier, message) => {
    const name = await createFunction({ files: says(1) });
    expect(await refusal(remove(name, qualifier))).toEqual({
      code: "InvalidParameterValueException",
      status: 400,
      message,
    });
  });
});
