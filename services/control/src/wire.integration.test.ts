import { request } from "node:http";
import { signRequest } from "@paddock/iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { credentials, region, startTestControl, type TestControl } from "./control.fixture.ts";

/** What no SDK sends: requests byte by byte, and the errors exactly as they are written. */
let control: TestControl;
beforeAll(async () => {
  control = await startTestControl();
});
afterAll(() => control?.stop());

const FUNCTIONS = "/2015-03-31/functions";

async function send(method: string, target: string, body: string | Buffer = "") {
  const { hostname, port, host } = new URL(control.url);
  const bytes = Buffer.from(body);
  const flat = signRequest({
    ...{ method, target, body: bytes, credentials, region, service: "lambda" },
    headers: ["Host", host, "Content-Length", String(bytes.length)],
    nowMs: Date.now(),
  });
  return new Promise<{ status: number; type: unknown; id: unknown; body: unknown }>(
    (resolve, reject) => {
      const sent = request({ hostname, port, method, path: target, headers: flat }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers["x-amzn-errortype"],
            id: response.headers["x-amzn-requestid"],
            body: JSON.parse(text),
          }),
        );
      });
      sent.on("error", reject);
      sent.end(bytes);
    },
  );
}

const complete = {
  FunctionName: "f",
  Runtime: "nodejs24.x",
  Handler: "index.handler",
  Role: "arn:aws:iam::000000000000:role/any",
};

describe("a request", () => {
  it("whose body is no JSON is a SerializationException", async () => {
    expect(await send("POST", FUNCTIONS, '{"FunctionName": ')).toMatchObject({
      status: 400,
      type: "SerializationException",
      body: { message: expect.stringContaining("Could not parse request body into json: ") },
    });
    expect(await send("POST", FUNCTIONS, "[]")).toMatchObject({ type: "SerializationException" });
  });

  it.each([
    [{ Timeout: "5" }, "STRING_VALUE can not be converted to an Integer"],
    [{ Handler: 5 }, "NUMBER_VALUE can not be converted to a String"],
    [{ Publish: "yes" }, "STRING_VALUE can not be converted to a Boolean"],
    [{ Handler: [] }, "Start of list found where not expected"],
    [{ Handler: {} }, "Start of structure or map found where not expected."],
  ])("with a member of the wrong type, %j, names the types", async (change, message) => {
    const body = JSON.stringify({ ...complete, Code: { ZipFile: "" }, ...change });
    expect(await send("POST", FUNCTIONS, body)).toMatchObject({
      status: 400,
      type: "SerializationException",
      body: { message },
    });
  });

  it("without required members names all of them in one error", async () => {
    expect(await send("POST", FUNCTIONS, '{"Role": null}')).toMatchObject({
      status: 400,
      type: "ValidationException",
      body: {
        message:
          "3 validation errors detected: Value null at 'role' failed to satisfy constraint: Member must not be null; Value null at 'functionName' failed to satisfy constraint: Member must not be null; Value null at 'code' failed to satisfy constraint: Member must not be null",
      },
    });
  });

  it("with a ZipFile that is no base64 is refused", async () => {
    const body = JSON.stringify({ ...complete, Code: { ZipFile: "no base64 at all!" } });
    expect(await send("POST", FUNCTIONS, body)).toMatchObject({
      status: 400,
      type: "SerializationException",
    });
  });

  it("that is too large for its operation is refused with AWS's figure", async () => {
    const target = `${FUNCTIONS}/f/configuration`;
    expect(await send("PUT", target, JSON.stringify({ Description: "x".repeat(6000) }))).toEqual({
      status: 413,
      type: "RequestEntityTooLargeException",
      id: expect.any(String),
      body: {
        message:
          "Request must be smaller than 5120 bytes for the UpdateFunctionConfiguration operation",
      },
    });
  });

  it("for an operation that is not offered gets what AWS answers where it lacks one", async () => {
    expect(await send("GET", "/2025-11-30/capacity-providers")).toMatchObject({
      status: 403,
      type: "AccessDeniedException",
      body: {
        Message:
          "Unable to determine service/operation name to be authorized: ListCapacityProviders is not offered by this version of Paddock.",
      },
    });
  });

  it("for nothing that exists is an unknown operation", async () => {
    expect(await send("GET", "/2015-03-31/nothing")).toMatchObject({
      status: 404,
      type: "UnknownOperationException",
    });
  });

  it("may end its path in a slash and spell an ARN percent-encoded", async () => {
    expect(await send("GET", `${FUNCTIONS}/`)).toMatchObject({ body: { Functions: [] } });
    const arn = encodeURIComponent("arn:aws:lambda:us-east-1:000000000000:function:f:3");
    expect(await send("GET", `${FUNCTIONS}/${arn}`)).toMatchObject({
      status: 404,
      body: {
        Type: "User",
        Message: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:f:3",
      },
    });
  });

  it("for another region or account is told so", async () => {
    const arn = (region: string, account: string) =>
      encodeURIComponent(`arn:aws:lambda:${region}:${account}:function:f`);
    expect(await send("GET", `${FUNCTIONS}/${arn("eu-west-1", "000000000000")}`)).toMatchObject({
      status: 404,
      body: {
        Message: "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
      },
    });
    expect(await send("GET", `${FUNCTIONS}/${arn("us-east-1", "111111111111")}`)).toMatchObject({
      status: 403,
      type: "AccessDeniedException",
    });
  });
});
