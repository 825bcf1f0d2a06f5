/** Requests that Lambda refuses, each with AWS's status, code, body casing and words. */
import { buildZip } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { sendSigned } from "../support/clients.ts";
import { createFunction, ROLE_ARN, uniqueName } from "../support/functions.ts";

const one = { "index.mjs": "export const handler = async () => 1;" };
const functions = "/2015-03-31/functions";

interface Refusal {
  readonly status: number;
  readonly code: string | null;
  readonly body: Readonly<Record<string, string>>;
}

async function refused(method: string, path: string, document?: unknown): Promise<Refusal> {
  const body = document === undefined ? "" : JSON.stringify(document);
  const answer = await sendSigned({ method, path, body });
  return {
    status: answer.status,
    code: answer.headers.get("x-amzn-errortype"),
    body: JSON.parse(answer.body) as Record<string, string>,
  };
}

async function creation(more: Readonly<Record<string, unknown>> = {}) {
  return {
    FunctionName: uniqueName("refused"),
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: ROLE_ARN,
    Code: { ZipFile: (await buildZip(one)).toString("base64") },
    ...more,
  };
}

const refusedCreation = async (more: Readonly<Record<string, unknown>>) =>
  refused("POST", functions, await creation(more));

describe("CreateFunction refuses", () => {
  it("a name that is taken", async () => {
    const name = await createFunction({ files: one });
    expect(await refusedCreation({ FunctionName: name })).toEqual({
      status: 409,
      code: "ResourceConflictException",
      body: { Type: "User", message: `Function already exist: ${name}` },
    });
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["an invalid name", { FunctionName: "a b" }, /Value 'a b' at 'functionName' failed to satisfy/],
    ["an invalid role", { Role: "me" }, /Value 'me' at 'role' failed to satisfy constraint/],
    ["a time-out of 901 s", { Timeout: 901 }, /Value '901' at 'timeout' failed to satisfy/],
    ["64 MB of memory", { MemorySize: 64 }, /Value '64' at 'memorySize' failed to satisfy/],
    [
      "a /tmp of 100 MB",
      { EphemeralStorage: { Size: 100 } },
      /Value '100' at 'ephemeralStorage.size' failed to satisfy/,
    ],
  ])("%s", async (_what, more, message) => {
    const answer = await refusedCreation(more);
    expect(answer).toMatchObject({ status: 400, code: "ValidationException" });
    expect(answer.body["message"]).toMatch(message);
    expect(answer.body["message"]).toMatch(/^1 validation error detected: /);
    expect(answer.body["Type"]).toBeUndefined();
  });

  it("a runtime that there is none of", async () => {
    const answer = await refusedCreation({ Runtime: "cobol85" });
    expect(answer).toMatchObject({ status: 400, code: "InvalidParameterValueException" });
    expect(answer.body["message"]).toMatch(
      /^Value cobol85 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[.*nodejs24\.x.*\] or be a valid ARN$/,
    );
  });

  it("more than 4 KB of environment variables", async () => {
    const Environment = { Variables: { LONG: "x".repeat(5000) } };
    const answer = await refusedCreation({ Environment });
    expect(answer).toMatchObject({ status: 400, code: "InvalidParameterValueException" });
    expect(answer.body["message"]).toMatch(
      /^Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit\. String measured: /,
    );
  });

  it("an environment variable that Lambda keeps for itself", async () => {
    const Environment = { Variables: { AWS_REGION: "here" } };
    const answer = await refusedCreation({ Environment });
    expect(answer).toMatchObject({ status: 400, code: "InvalidParameterValueException" });
    expect(answer.body["message"]).toContain("AWS_REGION");
  });
});

describe("an archive is refused", () => {
  const unzip = "Could not unzip uploaded file. Please check your file, then try to upload again.";
  const refusedArchive = async (zip: Buffer) =>
    refusedCreation({ Code: { ZipFile: zip.toString("base64") } });

  it.each<[string, () => Promise<Buffer>]>([
    ["that is no zip", () => Promise.resolve(Buffer.from("not a zip"))],
    ["that is cut off", async () => (await buildZip(one)).subarray(0, 60)],
    ["with a path that leaves it", () => buildZip({ "../../etc/x": "x" })],
    ["with an absolute path", () => buildZip({ "/etc/x": "x" })],
    ["with a link that leaves it", () => buildZip({ ...one, l: { symlink: "../../etc/passwd" } })],
    ["with a link to an absolute path", () => buildZip({ ...one, l: { symlink: "/etc/passwd" } })],
  ])("%s", async (_what, zip) => {
    expect(await refusedArchive(await zip())).toEqual({
      status: 400,
      code: "InvalidParameterValueException",
      body: { Type: "User", message: unzip },
    });
  });

  it("that unpacks to more than 250 MB", async () => {
    const zip = await buildZip({ ...one, zeros: Buffer.alloc(262_144_001) });
    expect(zip.length).toBeLessThan(2 * 1024 * 1024);
    expect(await refusedArchive(zip)).toEqual({
      status: 400,
      code: "InvalidParameterValueException",
      body: { Type: "User", message: "Unzipped size must be smaller than 262144000 bytes" },
    });
  });
});

describe("an archive is too large", () => {
  it("where it has more than 50 MB itself, sent in a request that may be larger", async () => {
    const body = JSON.stringify(
      await creation({ Code: { ZipFile: Buffer.alloc(52_428_801).toString("base64") } }),
    );
    expect(Buffer.byteLength(body)).toBeLessThan(70_167_211);
    const answer = await sendSigned({ method: "POST", path: functions, body });
    expect(answer.status).toBe(413);
    expect(answer.headers.get("x-amzn-errortype")).toBe("RequestEntityTooLargeException");
    expect(JSON.parse(answer.body)).toEqual({
      message: "Zipped size must be smaller than 52428800 bytes",
    });
  });
});

describe("a function that does not exist", () => {
  it.each([
    ["GET", "/nobody"],
    ["GET", "/nobody/configuration"],
    ["PUT", "/nobody/configuration"],
    ["DELETE", "/nobody"],
  ])("%s %s", async (method, path) => {
    const document = method === "PUT" ? { Timeout: 5 } : undefined;
    expect(await refused(method, `${functions}${path}`, document)).toEqual({
      status: 404,
      code: "ResourceNotFoundException",
      body: {
        Type: "User",
        Message: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody",
      },
    });
  });

  it("has no code to update", async () => {
    const ZipFile = (await buildZip(one)).toString("base64");
    expect(await refused("PUT", `${functions}/nobody/code`, { ZipFile })).toMatchObject({
      status: 404,
      code: "ResourceNotFoundException",
    });
  });
});

describe("a request that is not understood", () => {
  it("because its body is no JSON gets 400", async () => {
    const answer = await sendSigned({ method: "POST", path: functions, body: "{" });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("x-amzn-errortype")).not.toBeNull();
  });

  it("because there is no such operation gets 404", async () => {
    const answer = await sendSigned({ method: "GET", path: "/2015-03-31/no-such-thing" });
    expect(answer.status).toBe(404);
    expect(answer.headers.get("x-amzn-errortype")).toBe("UnknownOperationException");
  });
});
