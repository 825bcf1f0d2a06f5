/** Wrong credentials through clients that sign by themselves: the errors that they give their users. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { paddock } from "../support/clients.ts";
import { createFunction } from "../support/functions.ts";
import { isInstalled } from "../support/programs.ts";

const run = promisify(execFile);

const good = { accessKeyId: paddock.accessKeyId, secretAccessKey: paddock.secretAccessKey };

const client = (change: Partial<typeof good>, region = paddock.region) =>
  new LambdaClient({
    endpoint: paddock.endpoint,
    region,
    credentials: { ...good, ...change },
    maxAttempts: 1,
  });

describe("the SDK for JavaScript", () => {
  it.each<[string, Partial<typeof good>, string]>([
    ["an unknown key", { accessKeyId: "AKIAAAAAAAAAAAAAAAAA" }, "UnrecognizedClientException"],
    ["a wrong secret", { secretAccessKey: "x".repeat(40) }, "InvalidSignatureException"],
  ])("is refused with %s, by both planes", async (_what, change, name) => {
    const FunctionName = await createFunction({
      files: { "index.mjs": "export const handler = async () => 'served';" },
    });
    for (const command of [
      () => client(change).send(new ListFunctionsCommand({})),
      () => client(change).send(new InvokeCommand({ FunctionName })),
    ]) {
      await expect(command()).rejects.toMatchObject({
        name,
        $metadata: { httpStatusCode: 403, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      });
    }
  });

  it("is refused with a signature for another region", async () => {
    await expect(client({}, "eu-west-1").send(new ListFunctionsCommand({}))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });
});

const hasBotocore = isInstalled("botocore", "python3", ["-c", "import botocore"]);

// A machine without it: isInstalled has printed the reason.
describe.skipIf(!hasBotocore)("botocore", () => {
  it("raises AWS's codes for an unknown key, a wrong secret and a body that was changed", async () => {
    const program = `
import json, os, botocore.session
from botocore.exceptions import ClientError
def code(key, secret, tamper=False):
    client = botocore.session.Session().create_client("lambda", region_name=os.environ["AWS_REGION"],
        endpoint_url=os.environ["ENDPOINT"], aws_access_key_id=key, aws_secret_access_key=secret)
    if tamper:
        def change(request, **rest):
            request.body = b'{"amount": 9}'
        client.meta.events.register("before-send.lambda.Invoke", change)
    try:
        client.invoke(FunctionName="nobody", Payload=b'{"amount": 1}')
        return "served"
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]
key, secret = os.environ["KEY"], os.environ["SECRET"]
print(json.dumps({"good": code(key, secret), "key": code("AKIAAAAAAAAAAAAAAAAA", secret),
    "secret": code(key, "x" * 40), "body": code(key, secret, True)}))
`;
    const { stdout } = await run("python3", ["-c", program], {
      env: {
        ...process.env,
        AWS_REGION: paddock.region,
        ENDPOINT: paddock.endpoint,
        KEY: good.accessKeyId,
        SECRET: good.secretAccessKey,
      },
    });
    expect(JSON.parse(stdout)).toEqual({
      // Signed well: the function is looked for, and not there.
      good: ["ResourceNotFoundException", 404],
      key: ["UnrecognizedClientException", 403],
      secret: ["InvalidSignatureException", 403],
      body: ["InvalidSignatureException", 403],
    });
  });
});
