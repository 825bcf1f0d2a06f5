/** boto3, which signs, retries and waits in its own way. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { paddock } from "../support/clients.ts";
import { uniqueName } from "../support/functions.ts";
import { isInstalled } from "../support/programs.ts";

const run = promisify(execFile);

const session = `
import base64, boto3, io, json, sys, zipfile
name = sys.argv[1]
client = boto3.client("lambda", endpoint_url=sys.argv[2])
archive = io.BytesIO()
with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("index.mjs", "export const handler = async (event, context) => ({ event, custom: context.clientContext });")
seen = {}
created = client.create_function(FunctionName=name, Runtime="nodejs22.x", Handler="index.handler",
    Role="arn:aws:iam::000000000000:role/any", Code={"ZipFile": archive.getvalue()})
seen["created"] = created["ResponseMetadata"]["HTTPStatusCode"]
client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
context = base64.b64encode(json.dumps({"custom": {"a": 1}}).encode()).decode()
answer = client.invoke(FunctionName=name, Payload=json.dumps({"n": 1}), ClientContext=context, LogType="Tail")
seen["status"] = answer["StatusCode"]
seen["payload"] = json.load(answer["Payload"])
seen["log"] = base64.b64decode(answer["LogResult"]).decode()
seen["id"] = answer["ResponseMetadata"]["RequestId"]
seen["event"] = client.invoke(FunctionName=name, InvocationType="Event", Payload=b"{}")["StatusCode"]
seen["dry"] = client.invoke(FunctionName=name, InvocationType="DryRun", Payload=b"{}")["StatusCode"]
try:
    client.create_function(FunctionName=name, Runtime="nodejs22.x", Handler="index.handler",
        Role="arn:aws:iam::000000000000:role/any", Code={"ZipFile": archive.getvalue()})
except client.exceptions.ResourceConflictException as error:
    seen["conflict"] = error.response["Error"]["Message"]
seen["listed"] = [f["FunctionName"] for page in client.get_paginator("list_functions").paginate(
    PaginationConfig={"PageSize": 1}) for f in page["Functions"]].count(name)
client.delete_function(FunctionName=name)
try:
    client.get_function(FunctionName=name)
except client.exceptions.ResourceNotFoundException as error:
    seen["gone"] = error.response["Error"]["Code"]
print(json.dumps(seen))
`;

const hasBoto3 = isInstalled("boto3", "python3", ["-c", "import boto3"]);

// A machine without it: isInstalled has printed the reason.
describe.skipIf(!hasBoto3)("boto3", () => {
  it("creates, waits, invokes in each way, lists and deletes", async () => {
    const name = uniqueName("boto3");
    const { stdout } = await run("python3", ["-c", session, name, paddock.endpoint], {
      env: { ...process.env, ...paddock.environment },
    });
    const seen = JSON.parse(stdout) as Record<string, unknown>;
    expect(seen).toMatchObject({
      created: 201,
      status: 200,
      payload: { event: { n: 1 }, custom: { custom: { a: 1 } } },
      event: 202,
      dry: 204,
      conflict: `Function already exist: ${name}`,
      listed: 1,
      gone: "ResourceNotFoundException",
    });
    expect(seen["log"]).toContain(`START RequestId: ${String(seen["id"])} Version: $LATEST`);
  });
});
