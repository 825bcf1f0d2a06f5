/** The documents of the control plane byte by byte: which members are there, and which are not. */
import { createHash } from "node:crypto";
import { waitUntilFunctionActiveV2, waitUntilFunctionExists } from "@aws-sdk/client-lambda";
import { buildZip } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { type RawRequest, sendSigned } from "../support/clients.ts";
import { createFunction, lambda, ROLE_ARN, uniqueName, untilActive } from "../support/functions.ts";

const functions = "/2015-03-31/functions";
const files = { "index.mjs": "export const handler = async () => 1;" };
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function document(request: RawRequest): Promise<Record<string, unknown>> {
  const answer = await sendSigned(request);
  expect(answer.headers.get("x-amzn-requestid")).toMatch(UUID);
  expect(answer.headers.get("content-type")).toBe("application/json");
  return JSON.parse(answer.body) as Record<string, unknown>;
}

const get = (path: string, query: Readonly<Record<string, string>> = {}) =>
  document({ method: "GET", path: `${functions}${path}`, query });

/** What a minimal CreateFunction answers while the function is made. */
async function createRaw(name: string, more: Readonly<Record<string, unknown>> = {}) {
  const zip = await buildZip(files);
  const body = JSON.stringify({
    FunctionName: name,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: ROLE_ARN,
    Code: { ZipFile: zip.toString("base64") },
    ...more,
  });
  const created = await document({ method: "POST", path: functions, body });
  return { zip, created };
}

/** Members of any function that nothing was asked of; the rest depends on its state. */
const common = (name: string, zip: Buffer) => ({
  FunctionName: name,
  FunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
  Runtime: "nodejs24.x",
  Role: ROLE_ARN,
  Handler: "index.handler",
  CodeSize: zip.length,
  CodeSha256: createHash("sha256").update(zip).digest("base64"),
  Description: "",
  Timeout: 3,
  MemorySize: 128,
  LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
  Version: "$LATEST",
  TracingConfig: { Mode: "PassThrough" },
  RevisionId: expect.stringMatching(UUID),
  PackageType: "Zip",
  Architectures: ["x86_64"],
  EphemeralStorage: { Size: 512 },
  SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
  LoggingConfig: { LogFormat: "Text", LogGroup: `/aws/lambda/${name}` },
});
const runtimeVersion = {
  RuntimeVersionConfig: {
    RuntimeVersionArn: expect.stringMatching(/^arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$/),
  },
};

/** The list's own document of a function, on whichever page it is. */
async function listedAs(name: string): Promise<unknown> {
  let query: Record<string, string> = {};
  for (;;) {
    const { Functions, NextMarker } = await get("/", query);
    const found = (Functions as { FunctionName: string }[]).find(
      ({ FunctionName }) => FunctionName === name,
    );
    if (found !== undefined || typeof NextMarker !== "string") return found;
    query = { Marker: NextMarker };
  }
}

describe("a function's document", () => {
  it("has the members of a pending function, then those of an active one, and no other", async () => {
    const name = uniqueName("fields");
    const { zip, created } = await createRaw(name);
    expect(created).toEqual({
      ...common(name, zip),
      ...runtimeVersion,
      State: "Pending",
      StateReason: "The function is being created.",
      StateReasonCode: "Creating",
    });
    await untilActive(name);
    const active = await get(`/${name}/configuration`);
    expect(active).toEqual({
      ...common(name, zip),
      ...runtimeVersion,
      State: "Active",
      LastUpdateStatus: "Successful",
    });
    expect(active["RevisionId"]).not.toBe(created["RevisionId"]);
  });

  it("is the same in GetFunction, beside its code and without empty Tags or Concurrency", async () => {
    const name = await createFunction({ files });
    const found = await get(`/${name}`);
    expect(found).toEqual({
      Configuration: await get(`/${name}/configuration`),
      Code: { RepositoryType: "S3", Location: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/) },
    });
  });

  it("has no state, no update status and no runtime version in a list", async () => {
    const name = uniqueName("listed");
    const { zip } = await createRaw(name);
    await untilActive(name);
    expect(await listedAs(name)).toEqual(common(name, zip));
  });

  it("bears the qualifier in its ARN where $LATEST was asked for by name", async () => {
    const name = await createFunction({ files });
    const arn = `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
    const plain = await get(`/${name}/configuration`);
    const qualified = await get(`/${name}/configuration`, { Qualifier: "$LATEST" });
    expect(plain["FunctionArn"]).toBe(arn);
    expect(qualified["FunctionArn"]).toBe(`${arn}:$LATEST`);
  });

  it("echoes an empty environment, and levels of a JSON log", async () => {
    const name = uniqueName("echoed");
    const { created } = await createRaw(name, {
      Environment: { Variables: {} },
      LoggingConfig: { LogFormat: "JSON" },
    });
    expect(created["Environment"]).toEqual({ Variables: {} });
    expect(created["LoggingConfig"]).toEqual({
      LogFormat: "JSON",
      ApplicationLogLevel: "INFO",
      SystemLogLevel: "INFO",
      LogGroup: `/aws/lambda/${name}`,
    });
  });

  it("is found by every form of its name, with and without a trailing slash of the list", async () => {
    const name = await createFunction({ files });
    const arn = `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
    const waited = await waitUntilFunctionExists(
      { client: lambda, maxWaitTime: 10 },
      { FunctionName: arn },
    );
    expect(waited.state).toBe("SUCCESS");
    const active = await waitUntilFunctionActiveV2(
      { client: lambda, maxWaitTime: 10 },
      { FunctionName: name },
    );
    expect(active.state).toBe("SUCCESS");
    for (const form of [`000000000000:function:${name}`, arn, `${name}:$LATEST`]) {
      const { FunctionName } = await get(`/${encodeURIComponent(form)}/configuration`);
      expect(FunctionName).toBe(name);
    }
    expect(await get("")).toHaveProperty("Functions");
  });
});

describe("Code.Location", () => {
  it("is refused once it was changed", async () => {
    const name = await createFunction({ files });
    const { Code } = await get(`/${name}`);
    const { Location } = Code as { Location: string };
    expect((await fetch(Location)).status).toBe(200);
    const last = Location.at(-1) === "0" ? "1" : "0";
    expect((await fetch(Location.slice(0, -1) + last)).status).toBe(403);
  });
});

describe("pages of ListFunctions", () => {
  it("hold MaxItems functions and a NextMarker, except the last", async () => {
    for (let index = 0; index < 2; index += 1) await createFunction({ files });
    const first = await get("", { MaxItems: "1" });
    expect(first["Functions"]).toHaveLength(1);
    expect(first["NextMarker"]).toEqual(expect.any(String));
    const second = await get("", { MaxItems: "1", Marker: String(first["NextMarker"]) });
    expect(second["Functions"]).toHaveLength(1);
    expect(second["Functions"]).not.toEqual(first["Functions"]);
  });

  it("cannot have no items or begin at a marker that nobody gave", async () => {
    expect(
      await sendSigned({ method: "GET", path: functions, query: { MaxItems: "0" } }),
    ).toMatchObject({ status: 400 });
    const answer = await sendSigned({
      method: "GET",
      path: functions,
      query: { Marker: "made-up" },
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("x-amzn-errortype")).toBe("InvalidParameterValueException");
  });
});
