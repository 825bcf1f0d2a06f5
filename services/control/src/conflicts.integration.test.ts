import {
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { buildZip } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { credentials, region, startTestControl, type TestControl } from "./control.fixture.ts";
import { insertFunctionRow } from "./function-row.fixture.ts";

/**
 * ResourceConflictException while a function is being made or changed. On a whole Paddock that takes
 * milliseconds; here the database says so for as long as the test wants.
 */
let control: TestControl;
let lambda: LambdaClient;
beforeAll(async () => {
  control = await startTestControl();
  lambda = new LambdaClient({ endpoint: control.url, region, credentials, maxAttempts: 1 });
  await insertFunctionRow(control.database, "pending", { state: "Pending" });
  await insertFunctionRow(control.database, "updating", { lastUpdateStatus: "InProgress" });
});
afterAll(() => control?.stop());

const arn = (name: string) => `arn:aws:lambda:${region}:000000000000:function:${name}`;
const conflict = (why: string) => ({
  name: "ResourceConflictException",
  $metadata: expect.objectContaining({ httpStatusCode: 409 }),
  message: `The operation cannot be performed at this time. ${why}`,
});

const calls = {
  PublishVersion: async (FunctionName: string) =>
    lambda.send(new PublishVersionCommand({ FunctionName })),
  UpdateFunctionCode: async (FunctionName: string) =>
    lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName, ZipFile: await buildZip({ a: "a" }) }),
    ),
  UpdateFunctionConfiguration: async (FunctionName: string) =>
    lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 5 })),
};

function refusedWhileChanging(call: (functionName: string) => Promise<unknown>): void {
  it("gives ResourceConflictException while the function is made", async () => {
    await expect(call("pending")).rejects.toMatchObject(
      conflict("The function is currently in the following state: Pending"),
    );
  });

  it("gives ResourceConflictException while it is updated", async () => {
    await expect(call("updating")).rejects.toMatchObject(
      conflict(`An update is in progress for resource: ${arn("updating")}`),
    );
  });
}

describe("PublishVersion", () => {
  refusedWhileChanging(calls.PublishVersion);
});
describe("UpdateFunctionCode", () => {
  refusedWhileChanging(calls.UpdateFunctionCode);
});
describe("UpdateFunctionConfiguration", () => {
  refusedWhileChanging(calls.UpdateFunctionConfiguration);
});
