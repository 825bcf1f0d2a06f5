/** Function URLs as their callers see them. */
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionUrlConfigCommand,
  type CreateFunctionUrlConfigCommandInput,
  DeleteAliasCommand,
  DeleteFunctionUrlConfigCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { eventually } from "@paddock/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { runPaddock } from "../support/command.ts";
import { callUrl, type UrlCall } from "../support/function-urls.ts";
import { createFunction, lambda } from "../support/functions.ts";

/** Answers what its body asks for, or with the event. */
const files = {
  "index.mjs": `export const handler = async (event, context) => {
    if (event.rawPath === "/throw") throw new Error("no");
    if (event.rawPath === "/answer") return JSON.parse(event.body);
    return { event, requestId: context.awsRequestId, arn: context.invokedFunctionArn };
  };`,
};
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const FORBIDDEN = {
  Message:
    "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
};

async function openToAll(FunctionName: string, Qualifier?: string): Promise<void> {
  const to = { FunctionName, Qualifier, Principal: "*" };
  await lambda.send(
    new AddPermissionCommand({
      ...to,
      StatementId: "url",
      Action: "lambda:InvokeFunctionUrl",
      FunctionUrlAuthType: "NONE",
    }),
  );
  await lambda.send(
    new AddPermissionCommand({
      ...to,
      StatementId: "via",
      Action: "lambda:InvokeFunction",
      InvokedViaFunctionUrl: true,
    }),
  );
}

/** Resolves when the URL leads somewhere. */
async function createUrl(
  FunctionName: string,
  input: Partial<CreateFunctionUrlConfigCommandInput> = {},
): Promise<string> {
  const command = new CreateFunctionUrlConfigCommand({ AuthType: "NONE", ...input, FunctionName });
  const { FunctionUrl = "" } = await lambda.send(command);
  await eventually(async () => (await callUrl(FunctionUrl)).body !== '{"Message":null}');
  return FunctionUrl;
}

async function open(input: Partial<CreateFunctionUrlConfigCommandInput> = {}) {
  const name = await createFunction({ files });
  await openToAll(name);
  return { name, url: await createUrl(name, input) };
}

describe("a function URL", () => {
  let name: string;
  let url: string;
  beforeAll(async () => ({ name, url } = await open()));

  const eventOf = async (call: UrlCall) => JSON.parse((await callUrl(url, call)).body);

  it("hands the function an event of payload format 2.0", async () => {
    const { event, requestId, arn } = await eventOf({
      target: "/my/p%C3%A4th?a=1&a=2&b=x",
      headers: { "X-Custom": "v", Cookie: "c1=v1; c2=v2", "User-Agent": "test" },
    });
    const { host, hostname } = new URL(url);
    const [urlId] = hostname.split(".");
    expect(event).toEqual({
      version: "2.0",
      routeKey: "$default",
      rawPath: "/my/päth",
      rawQueryString: "a=1&a=2&b=x",
      cookies: ["c1=v1", "c2=v2"],
      headers: expect.objectContaining({
        ...{ host, "x-custom": "v", "user-agent": "test", "x-forwarded-for": "127.0.0.1" },
        "x-amzn-trace-id": expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}/),
      }),
      queryStringParameters: { a: "1,2", b: "x" },
      requestContext: {
        accountId: "anonymous",
        apiId: urlId,
        domainName: hostname,
        domainPrefix: urlId,
        http: {
          method: "GET",
          path: "/my/päth",
          protocol: "HTTP/1.1",
          sourceIp: "127.0.0.1",
          userAgent: "test",
        },
        requestId,
        routeKey: "$default",
        stage: "$default",
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
    expect(arn).toBe(arnOf(name));
  });

  it("carries text as text, and any other body as base64", async () => {
    const text = { "Content-Type": "text/plain" };
    expect((await eventOf({ method: "POST", body: "hällo", headers: text })).event).toMatchObject({
      body: "hällo",
      isBase64Encoded: false,
    });
    const { event } = await eventOf({ method: "PUT", body: Uint8Array.from([0, 255]) });
    expect(event).toMatchObject({ body: "AP8=", isBase64Encoded: true });
  });

  it("answers with the status, headers, cookies and body that the function gives", async () => {
    const answer = await callUrl(url, {
      method: "POST",
      target: "/answer",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        statusCode: 418,
        headers: { "Content-Type": "text/plain", "X-Custom": "v" },
        cookies: ["a=1", "b=2"],
        body: "short and stout",
      }),
    });
    expect(answer).toMatchObject({ status: 418, body: "short and stout" });
    expect(answer.headers).toMatchObject({
      "content-type": "text/plain",
      "x-custom": "v",
      "set-cookie": ["a=1", "b=2"],
      "x-amzn-requestid": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "x-amzn-trace-id": expect.stringContaining("Root="),
    });
  });

  it.each([
    ['{ "hello": "world" }', '{"hello":"world"}'],
    ['"hello"', "hello"],
    ["[1, 2]", "[1,2]"],
    ["null", "null"],
  ])("answers 200 with JSON where the function returns %s", async (returned, body) => {
    const headers = { "Content-Type": "application/json" };
    const call = { method: "POST", target: "/answer", headers, body: returned };
    const answer = await callUrl(url, call);
    expect(answer).toMatchObject({ status: 200, body });
    expect(answer.headers["content-type"]).toBe("application/json");
  });

  it("answers 502 where the function fails, or returns what is no answer", async () => {
    const headers = { "Content-Type": "application/json" };
    const wrong = { method: "POST", target: "/answer", headers, body: '{"statusCode":"x"}' };
    for (const call of [{ target: "/throw" }, wrong]) {
      expect(await callUrl(url, call)).toMatchObject({
        status: 502,
        body: "Internal Server Error",
      });
    }
  });

  it("takes 6 MB and refuses more", async () => {
    const headers = { "Content-Type": "text/plain" };
    const call = (bytes: number) =>
      callUrl(url, { method: "POST", headers, body: "x".repeat(bytes) });
    expect((await call(6_291_456)).status).toBe(413);
    expect((await call(6_291_457)).status).toBe(413);
    expect((await call(3_000_000)).status).toBe(200);
  });

  it("has its invocations on record as what they are", async () => {
    const { headers } = await callUrl(url);
    await eventually(
      async () => {
        const id = String(headers["x-amzn-requestid"]);
        const shown = JSON.parse(await runPaddock("invocations", "show", id, "--json"));
        expect(shown.attempts).toMatchObject([{ trigger: "function-url" }]);
      },
      { timeoutMs: 20_000, intervalMs: 250 },
    );
  });

  it("throttles where the function is switched off", async () => {
    const off = await open();
    await lambda.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: off.name,
        ReservedConcurrentExecutions: 0,
      }),
    );
    await eventually(async () => expect((await callUrl(off.url)).status).toBe(429));
  });
});

describe("who may call a function URL", () => {
  it("nobody, where the policy has not both grants", async () => {
    const name = await createFunction({ files });
    const url = await createUrl(name);
    const refused = await callUrl(url);
    expect(refused.status).toBe(403);
    expect(refused.headers["x-amzn-errortype"]).toBe("AccessDeniedException");
    expect(JSON.parse(refused.body)).toEqual(FORBIDDEN);
    await openToAll(name);
    await eventually(async () => expect((await callUrl(url)).status).toBe(200));
  });

  it("who signs, where the URL wants it", async () => {
    const name = await createFunction({ files });
    const url = await createUrl(name, { AuthType: "AWS_IAM" });
    const unsigned = await callUrl(url);
    expect(unsigned.status).toBe(403);
    expect(JSON.parse(unsigned.body)).toEqual(FORBIDDEN);
    const call = { method: "POST", body: '{"a":1}', signed: true };
    const { event } = JSON.parse((await callUrl(url, call)).body);
    expect(event.requestContext).toMatchObject({
      accountId: "000000000000",
      authorizer: { iam: { userArn: "arn:aws:iam::000000000000:root" } },
    });
    const stolen = await callUrl(url, { headers: { Authorization: "AWS4-HMAC-SHA256 x" } });
    expect(stolen.status).toBe(403);
  });

  it("nobody, once the URL or its alias is gone", async () => {
    const name = await createFunction({ files });
    await lambda.send(new PublishVersionCommand({ FunctionName: name }));
    const alias = { FunctionName: name, Name: "live" };
    await lambda.send(new CreateAliasCommand({ ...alias, FunctionVersion: "1" }));
    await openToAll(name, "live");
    const url = await createUrl(name, { Qualifier: "live" });
    const { arn } = JSON.parse((await callUrl(url)).body);
    expect(arn).toBe(`${arnOf(name)}:live`);
    await lambda.send(new DeleteAliasCommand(alias));
    await eventually(async () => expect((await callUrl(url)).status).toBe(403));
    const other = await open();
    await lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName: other.name }));
    await eventually(async () => {
      const gone = await callUrl(other.url);
      expect([gone.status, gone.body]).toEqual([403, '{"Message":null}']);
    });
  });
});

describe("CORS of a function URL", () => {
  const Origin = "https://shop.example";
  let url: string;
  beforeAll(async () => {
    const Cors = {
      AllowOrigins: [Origin],
      AllowMethods: ["GET", "POST"],
      AllowHeaders: ["x-one"],
      ExposeHeaders: ["x-two"],
      AllowCredentials: true,
      MaxAge: 60,
    };
    ({ url } = await open({ Cors }));
  });

  it("answers a preflight itself", async () => {
    const headers = { Origin, "Access-Control-Request-Method": "POST" };
    const answer = await callUrl(url, { method: "OPTIONS", target: "/throw", headers });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      "access-control-allow-origin": Origin,
      "access-control-allow-methods": "GET,POST",
      "access-control-allow-headers": "x-one",
      "access-control-allow-credentials": "true",
      "access-control-max-age": "60",
    });
  });

  it("counts more than what the function says", async () => {
    const body = JSON.stringify({
      statusCode: 200,
      headers: { "Access-Control-Allow-Origin": "*", "X-Two": "2" },
    });
    const headers = { Origin, "Content-Type": "application/json" };
    const answer = await callUrl(url, { method: "POST", target: "/answer", headers, body });
    expect(answer.headers).toMatchObject({
      "access-control-allow-origin": Origin,
      "access-control-expose-headers": "x-two",
      "x-two": "2",
    });
  });

  it("says nothing to other origins", async () => {
    const answer = await callUrl(url, { headers: { Origin: "https://other.example" } });
    expect(answer.status).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  });
});
