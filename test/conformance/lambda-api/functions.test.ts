/** The life of a function through the stock SDK: fields and states as Lambda documents them. */
import { createHash } from "node:crypto";
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  paginateListFunctions,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { buildZip } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import {
  createFunction,
  invoke,
  lambda,
  ROLE_ARN,
  uniqueName,
  untilActive,
} from "../support/functions.ts";

const one = { "index.mjs": "export const handler = async () => 1;" };
const two = { "index.mjs": "export const handler = async () => 2;" };

const untilUpdated = (FunctionName: string) =>
  waitUntilFunctionUpdatedV2(
    { client: lambda, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
    { FunctionName },
  );

describe("CreateFunction", () => {
  it("answers 201 with the defaults of Lambda, and the function becomes active", async () => {
    const FunctionName = uniqueName("create");
    const ZipFile = await buildZip(one);
    const created = await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: ROLE_ARN,
        Code: { ZipFile },
      }),
    );
    expect(created.$metadata.httpStatusCode).toBe(201);
    expect(created).toMatchObject({
      FunctionName,
      FunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}`,
      Runtime: "nodejs24.x",
      Role: ROLE_ARN,
      Handler: "index.handler",
      CodeSize: ZipFile.length,
      CodeSha256: createHash("sha256").update(ZipFile).digest("base64"),
      Description: "",
      Timeout: 3,
      MemorySize: 128,
      Version: "$LATEST",
      TracingConfig: { Mode: "PassThrough" },
      PackageType: "Zip",
      Architectures: ["x86_64"],
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
      LoggingConfig: { LogFormat: "Text", LogGroup: `/aws/lambda/${FunctionName}` },
    });
    expect(created.LastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    expect(created.RevisionId).toMatch(/^[0-9a-f-]{36}$/);
    await untilActive(FunctionName);
    const active = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(active).toMatchObject({ State: "Active", LastUpdateStatus: "Successful" });
    expect(active.StateReason).toBeUndefined();
  });
});

describe("GetFunction", () => {
  it("gives a Code.Location from which the archive can be fetched unsigned", async () => {
    const FunctionName = await createFunction({ files: one, Tags: { team: "blue" } });
    const { Code, Tags } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Code?.RepositoryType).toBe("S3");
    expect(Tags).toEqual({ team: "blue" });
    const response = await fetch(Code?.Location ?? "");
    expect(Buffer.from(await response.arrayBuffer())).toEqual(await buildZip(one));
  });

  it("finds a function by its ARN too", async () => {
    const name = await createFunction({ files: one });
    const FunctionName = `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Configuration?.FunctionName).toBe(name);
  });
});

describe("ListFunctions", () => {
  it("lists every function once, in pages", async () => {
    const names = [];
    for (let index = 0; index < 3; index += 1) names.push(await createFunction({ files: one }));
    const listed: string[] = [];
    for await (const page of paginateListFunctions({ client: lambda, pageSize: 2 }, {})) {
      expect(page.Functions?.length).toBeLessThanOrEqual(2);
      listed.push(...(page.Functions ?? []).map(({ FunctionName }) => FunctionName ?? ""));
    }
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed).toEqual(expect.arrayContaining(names));
  });
});

describe("UpdateFunctionCode", () => {
  it("runs the new code for every invocation after it", async () => {
    const FunctionName = await createFunction({ files: one });
    expect((await invoke(FunctionName)).json).toBe(1);
    const ZipFile = await buildZip(two);
    const updated = await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
    expect(updated.CodeSha256).toBe(createHash("sha256").update(ZipFile).digest("base64"));
    await untilUpdated(FunctionName);
    expect((await invoke(FunctionName)).json).toBe(2);
  });

  it("keeps the old code running when the new archive is refused", async () => {
    const FunctionName = await createFunction({ files: one });
    const ZipFile = Buffer.from("no archive");
    await expect(
      lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile })),
    ).rejects.toMatchObject({ name: "InvalidParameterValueException" });
    expect((await invoke(FunctionName)).json).toBe(1);
  });
});

describe("UpdateFunctionConfiguration", () => {
  it("changes what is named, keeps the rest, and reaches the next invocation", async () => {
    const FunctionName = await createFunction({
      files: {
        "index.mjs":
          "export const handler = async (e, c) => [process.env.COLOR, c.memoryLimitInMB];",
      },
      Environment: { Variables: { COLOR: "red" } },
    });
    expect((await invoke(FunctionName)).json).toEqual(["red", "128"]);
    await lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName,
        MemorySize: 256,
        Environment: { Variables: { COLOR: "green" } },
      }),
    );
    await untilUpdated(FunctionName);
    const now = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(now).toMatchObject({ MemorySize: 256, Timeout: 10, Handler: "index.handler" });
    expect((await invoke(FunctionName)).json).toEqual(["green", "256"]);
  });

  it("refuses a revision that is not the latest", async () => {
    const FunctionName = await createFunction({ files: one });
    const RevisionId = "00000000-0000-0000-0000-000000000000";
    await expect(
      lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 5, RevisionId })),
    ).rejects.toMatchObject({ name: "PreconditionFailedException" });
  });
});

describe("DeleteFunction", () => {
  it("removes the function for reading and for invoking", async () => {
    const FunctionName = await createFunction({ files: one });
    await lambda.send(new DeleteFunctionCommand({ FunctionName }));
    const missing = { name: "ResourceNotFoundException" };
    await expect(lambda.send(new GetFunctionCommand({ FunctionName }))).rejects.toMatchObject(
      missing,
    );
    await expect(invoke(FunctionName)).rejects.toMatchObject(missing);
  });

  it("lets a new function of the same name run its own code", async () => {
    const FunctionName = await createFunction({ files: one });
    expect((await invoke(FunctionName)).json).toBe(1);
    await lambda.send(new DeleteFunctionCommand({ FunctionName }));
    await createFunction({ FunctionName, files: two });
    expect((await invoke(FunctionName)).json).toBe(2);
  });
});
