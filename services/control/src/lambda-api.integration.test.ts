import { createHash } from "node:crypto";
import { request } from "node:http";
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { channels, openCodeStore, openFunctions } from "@paddock/bus";
import { buildZip, eventually } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  accountId,
  credentials,
  region,
  startTestControl,
  type TestControl,
} from "./control.fixture.ts";

/** The stock SDK against control, on real servers: what a user of AWS would see. */
let control: TestControl;
let lambda: LambdaClient;
let zip: Buffer;

beforeAll(async () => {
  control = await startTestControl();
  lambda = clientOf(control.url);
  zip = await buildZip({ "index.js": "exports.handler = async () => 1" });
});
afterAll(() => control?.stop());

function clientOf(endpoint: string, change: Partial<typeof credentials> = {}): LambdaClient {
  return new LambdaClient({
    endpoint,
    region,
    credentials: { ...credentials, ...change },
    maxAttempts: 1,
  });
}

const arn = (name: string) => `arn:aws:lambda:${region}:${accountId}:function:${name}`;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("base64");

function input(name: string, change: Partial<CreateFunctionCommandInput> = {}) {
  return {
    FunctionName: name,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: "arn:aws:iam::000000000000:role/any",
    Code: { ZipFile: zip },
    ...change,
  } satisfies CreateFunctionCommandInput;
}

async function create(name: string, change: Partial<CreateFunctionCommandInput> = {}) {
  const created = await lambda.send(new CreateFunctionCommand(input(name, change)));
  await settled(name);
  return created;
}

/** What the SDK's waiters wait for, without their pause of a second. */
async function settled(FunctionName: string) {
  await eventually(async () => {
    const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(found).toMatchObject({ State: "Active", LastUpdateStatus: "Successful" });
  });
}

function waiting() {
  return { client: lambda, maxWaitTime: 20, minDelay: 1, maxDelay: 1 };
}

async function failure(sent: Promise<unknown>) {
  const error: Record<string, unknown> & { $metadata: { httpStatusCode: number } } =
    await sent.then(
      () => expect.fail("it succeeded"),
      (caught) => caught,
    );
  return { name: error["name"], status: error.$metadata.httpStatusCode, message: error["message"] };
}

describe("CreateFunction", () => {
  it("answers as AWS does, and the function becomes active with another revision", async () => {
    const { $metadata, ...created } = await lambda.send(new CreateFunctionCommand(input("first")));
    expect($metadata.httpStatusCode).toBe(201);
    expect(created).toEqual({
      FunctionName: "first",
      FunctionArn: arn("first"),
      Runtime: "nodejs24.x",
      Role: "arn:aws:iam::000000000000:role/any",
      Handler: "index.handler",
      CodeSize: zip.length,
      Description: "",
      Timeout: 3,
      MemorySize: 128,
      LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
      CodeSha256: sha256(zip),
      Version: "$LATEST",
      TracingConfig: { Mode: "PassThrough" },
      RevisionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      State: "Pending",
      StateReason: "The function is being created.",
      StateReasonCode: "Creating",
      PackageType: "Zip",
      Architectures: ["x86_64"],
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
      RuntimeVersionConfig: { RuntimeVersionArn: expect.stringMatching(/::runtime:[0-9a-f]{64}$/) },
      LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/first" },
    });
    await waitUntilFunctionActiveV2(waiting(), { FunctionName: "first" });
    const active = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: "first" }),
    );
    expect(active).toMatchObject({ State: "Active", LastUpdateStatus: "Successful" });
    expect(active).not.toHaveProperty("StateReason");
    expect(active.RevisionId).not.toBe(created.RevisionId);
  });

  it("tells the data plane, code first", async () => {
    await create("mirrored", {
      Environment: { Variables: { TABLE: "orders" } },
      Timeout: 30,
      LoggingConfig: { LogFormat: "JSON" },
    });
    const bucket = openFunctions(control.bus);
    const entry = await bucket.get({
      kind: "version",
      functionName: "mirrored",
      version: "$LATEST",
    });
    expect(entry?.record).toMatchObject({
      state: "Active",
      timeoutSeconds: 30,
      environmentVariables: { TABLE: "orders" },
      logging: { format: "JSON", applicationLevel: "INFO", systemLevel: "INFO" },
    });
    const codeSha256 = Buffer.from(sha256(zip), "base64").toString("hex");
    const stored = await openCodeStore(control.bus).get(codeSha256);
    expect(Buffer.from(stored ?? "")).toEqual(zip);
    expect(await bucket.get({ kind: "function", functionName: "mirrored" })).toMatchObject({
      record: { functionArn: arn("mirrored") },
    });
  });

  it("with Publish makes version 1 and answers with it", async () => {
    const created = await create("published", { Publish: true });
    expect(created).toMatchObject({ Version: "1", FunctionArn: `${arn("published")}:1` });
    const versions = await lambda.send(
      new ListVersionsByFunctionCommand({ FunctionName: "published" }),
    );
    expect(versions.Versions?.map(({ FunctionArn, State }) => [FunctionArn, State])).toEqual([
      [`${arn("published")}:$LATEST`, undefined],
      [`${arn("published")}:1`, undefined],
    ]);
  });

  it("refuses a name that is taken", async () => {
    await create("taken");
    expect(await failure(lambda.send(new CreateFunctionCommand(input("taken"))))).toEqual({
      name: "ResourceConflictException",
      status: 409,
      message: "Function already exist: taken",
    });
  });

  it("makes one function of many requests at once", async () => {
    const sent = Array.from({ length: 8 }, () =>
      lambda.send(new CreateFunctionCommand(input("raced"))),
    );
    const results = await Promise.allSettled(sent);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it.each<[string, Partial<CreateFunctionCommandInput>, string, string]>([
    [
      "a retired runtime",
      { Runtime: "nodejs12.x" },
      "InvalidParameterValueException",
      "The runtime parameter of nodejs12.x is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.",
    ],
    [
      "code that is no zip",
      { Code: { ZipFile: Buffer.from("no zip") } },
      "InvalidParameterValueException",
      "Could not unzip uploaded file. Please check your file, then try to upload again.",
    ],
    [
      "code elsewhere",
      { Code: { S3Bucket: "bucket", S3Key: "key" } },
      "InvalidParameterValueException",
      "S3Bucket is not offered by this version of Paddock yet: give the code as ZipFile.",
    ],
    [
      "no code",
      { Code: {} },
      "InvalidParameterValueException",
      "Please provide a source for function code.",
    ],
    [
      "a layer that there is not",
      { Layers: ["arn:aws:lambda:us-east-1:000000000000:layer:a:1"] },
      "InvalidParameterValueException",
      "Layer version arn:aws:lambda:us-east-1:000000000000:layer:a:1 does not exist.",
    ],
    [
      "a wrong memory size",
      { MemorySize: 64 },
      "ValidationException",
      "1 validation error detected: Value '64' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128",
    ],
    [
      "several wrong members",
      { Timeout: 901, Description: "x".repeat(257) },
      "ValidationException",
      `2 validation errors detected: Value '${"x".repeat(257)}' at 'description' failed to satisfy constraint: Member must have length less than or equal to 256; Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900`,
    ],
    [
      "an environment key of one letter",
      { Environment: { Variables: { A: "x" } } },
      "ValidationException",
      "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]",
    ],
    [
      "reserved environment keys",
      { Environment: { Variables: { AWS_REGION: "x" } } },
      "InvalidParameterValueException",
      "Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION",
    ],
  ])("refuses %s", async (_what, change, name, message) => {
    expect(await failure(lambda.send(new CreateFunctionCommand(input("wrong", change))))).toEqual({
      name,
      status: 400,
      message,
    });
    expect(
      await failure(lambda.send(new GetFunctionCommand({ FunctionName: "wrong" }))),
    ).toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("GetFunction", () => {
  it("links to the zip, for who has the link only", async () => {
    await create("linked", { Tags: { team: "a" } });
    const found = await lambda.send(new GetFunctionCommand({ FunctionName: arn("linked") }));
    expect(found.Tags).toEqual({ team: "a" });
    const location = new URL(found.Code?.Location ?? "");
    expect(location.origin).toBe("http://paddock.test:4574");
    expect(location.searchParams.get("X-Amz-Expires")).toBe("600");
    // As the gateway passes it on: target and Host unchanged.
    const target = `${location.pathname}${location.search}`;
    const answer = await get(target, { host: location.host });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(zip);
    expect((await get(location.pathname, { host: location.host })).status).toBe(403);
    expect((await get(`${target.slice(0, -1)}0x`, { host: location.host })).status).toBe(403);
  });

  it("names the ARN that was not found, with the qualifier if there was one", async () => {
    const send = (change: { Qualifier?: string }) =>
      failure(lambda.send(new GetFunctionCommand({ FunctionName: "nobody", ...change })));
    expect(await send({})).toEqual({
      name: "ResourceNotFoundException",
      status: 404,
      message: `Function not found: ${arn("nobody")}`,
    });
    expect((await send({ Qualifier: "7" })).message).toBe(`Function not found: ${arn("nobody")}:7`);
  });

  it("qualifies the ARN when the caller does", async () => {
    await create("qualified");
    const found = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: "qualified", Qualifier: "$LATEST" }),
    );
    expect(found.FunctionArn).toBe(`${arn("qualified")}:$LATEST`);
  });
});

describe("ListFunctions", () => {
  it("goes through all functions page by page", async () => {
    for (const name of ["page-a", "page-b", "page-c"]) await create(name);
    const seen: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await lambda.send(new ListFunctionsCommand({ MaxItems: 2, Marker }));
      expect(page.Functions?.length).toBeLessThanOrEqual(2);
      expect(page.Functions?.[0]).not.toHaveProperty("State");
      seen.push(...(page.Functions ?? []).map(({ FunctionName }) => FunctionName ?? ""));
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(seen).toEqual([...new Set(seen)].toSorted());
    expect(seen).toEqual(expect.arrayContaining(["page-a", "page-b", "page-c"]));
  });

  it("with ALL lists the versions too, all qualified", async () => {
    await create("all-versions", { Publish: true });
    const page = await lambda.send(new ListFunctionsCommand({ FunctionVersion: "ALL" }));
    const arns = page.Functions?.filter((f) => f.FunctionName === "all-versions");
    expect(arns?.map((f) => f.FunctionArn)).toEqual([
      `${arn("all-versions")}:$LATEST`,
      `${arn("all-versions")}:1`,
    ]);
  });

  it("refuses page sizes that are none", async () => {
    expect(await failure(lambda.send(new ListFunctionsCommand({ MaxItems: 0 })))).toMatchObject({
      name: "ValidationException",
      message:
        "1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1",
    });
  });
});

describe("an update", () => {
  it("of the code goes from InProgress to Successful and leaves no old environment", async () => {
    await create("recoded");
    const key = { kind: "version", functionName: "recoded", version: "$LATEST" } as const;
    const before = await openFunctions(control.bus).get(key);
    const other = await buildZip({ "index.js": "exports.handler = async () => 2" });
    const updated = await lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName: "recoded", ZipFile: other }),
    );
    expect(updated).toMatchObject({
      State: "Active",
      LastUpdateStatus: "InProgress",
      LastUpdateStatusReason: "The function is being created.",
      LastUpdateStatusReasonCode: "Creating",
      CodeSha256: sha256(other),
    });
    await waitUntilFunctionUpdatedV2(waiting(), { FunctionName: "recoded" });
    const after = await openFunctions(control.bus).get(key);
    expect(after?.record).not.toMatchObject({ configId: configIdOf(before?.record) });
  });

  it("with DryRun changes nothing", async () => {
    const created = await create("dry");
    const other = await buildZip({ "index.js": "2" });
    const FunctionName = "dry";
    const answer = await lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName, ZipFile: other, DryRun: true }),
    );
    expect(answer.CodeSha256).toBe(sha256(other));
    const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(found.CodeSha256).toBe(created.CodeSha256);
  });

  it("of the configuration keeps environment variables until they are set anew", async () => {
    const FunctionName = "kept";
    await create(FunctionName, { Environment: { Variables: { AA: "1" } }, Timeout: 7 });
    const updated = await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 512 }),
    );
    expect(updated).toMatchObject({
      Timeout: 7,
      MemorySize: 512,
      Environment: { Variables: { AA: "1" } },
    });
    await settled(FunctionName);
    const emptied = await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: {} } }),
    );
    expect(emptied.Environment).toEqual({ Variables: {} });
  });

  it("with another revision than the latest is refused", async () => {
    await create("revised");
    const RevisionId = "00000000-0000-4000-8000-000000000000";
    const change = { FunctionName: "revised", RevisionId, Timeout: 5 };
    expect(
      await failure(lambda.send(new UpdateFunctionConfigurationCommand(change))),
    ).toMatchObject({ name: "PreconditionFailedException", status: 412 });
  });

  it("of code with Publish and PublishVersion count versions, unless nothing changed", async () => {
    const FunctionName = "versioned";
    await create(FunctionName);
    const publish = () => lambda.send(new PublishVersionCommand({ FunctionName }));
    expect((await publish()).Version).toBe("1");
    expect((await publish()).Version).toBe("1");
    const ZipFile = await buildZip({ "index.js": "new" });
    const updated = await lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish: true }),
    );
    expect(updated.Version).toBe("2");
    await settled(FunctionName);
    expect((await publish()).Version).toBe("2");
    await lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: "2" }));
    expect((await publish()).Version).toBe("3");
  });
});

function configIdOf(record: object | undefined): unknown {
  return record !== undefined && "configId" in record ? record.configId : undefined;
}

describe("DeleteFunction", () => {
  it("removes the function, also for the data plane", async () => {
    const FunctionName = "deleted";
    await create(FunctionName, { Publish: true });
    expect(
      await failure(lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: "$LATEST" }))),
    ).toMatchObject({
      message: "$LATEST version cannot be deleted without deleting the function.",
    });
    await lambda.send(new DeleteFunctionCommand({ FunctionName }));
    const bucket = openFunctions(control.bus);
    expect(await bucket.get({ kind: "function", functionName: FunctionName })).toBeUndefined();
    const version = { kind: "version", functionName: FunctionName, version: "1" } as const;
    expect(await bucket.get(version)).toBeUndefined();
    expect(await failure(lambda.send(new DeleteFunctionCommand({ FunctionName })))).toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});

describe("requests", () => {
  it("with a wrong secret, an unknown key or no signature are refused with AWS's errors", async () => {
    const list = (client: LambdaClient) => failure(client.send(new ListFunctionsCommand({})));
    expect(
      await list(clientOf(control.url, { secretAccessKey: "wrong-wrong-wrong" })),
    ).toMatchObject({
      name: "InvalidSignatureException",
      status: 403,
    });
    expect(
      await list(clientOf(control.url, { accessKeyId: "AKIAUNKNOWNUNKNOWN00" })),
    ).toMatchObject({
      name: "UnrecognizedClientException",
    });
    const bare = await get("/2015-03-31/functions", {});
    expect(bare.status).toBe(403);
    expect(bare.headers["x-amzn-errortype"]).toBe("MissingAuthenticationTokenException");
    expect((await get("/nothing/here", {})).status).toBe(403);
  });

  it("for runtimes that no worker has say which there are", async () => {
    const status = {
      workerId: "worker-1",
      hostName: "here",
      pid: 1,
      isolation: "bubblewrap" as const,
      runtimes: ["nodejs24.x", "python3.11"],
      startedAtMs: 1,
      sentAtMs: 1,
      ...{ memoryCapacityMb: 1024, memoryGrantedMb: 0, memoryUsedMb: 0, memoryUseLimitMb: 0 },
      prebooted: 0,
      draining: false,
      environments: [],
      evictions: [],
    };
    const send = async (Runtime: "ruby3.4" | "nodejs24.x", name: string) => {
      control.bus.publish(channels.status, { workerId: "worker-1" }, status);
      await control.bus.flush();
      return lambda.send(new CreateFunctionCommand(input(name, { Runtime })));
    };
    await eventually(async () => {
      expect(
        await failure(send("ruby3.4", `ruby-${Math.random().toString(36).slice(2)}`)),
      ).toMatchObject({
        name: "InvalidParameterValueException",
        message:
          "The runtime ruby3.4 is not installed on any worker of this Paddock. Runtimes that are there: nodejs24.x, python3.11.",
      });
    });
    expect((await send("nodejs24.x", "there")).State).toBe("Pending");
  });
});

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

function get(path: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(control.url);
    const sent = request({ hostname, port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.on("error", reject).end();
  });
}
