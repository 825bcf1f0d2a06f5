import { randomBytes } from "node:crypto";
import {
  CreateFunctionCommand,
  GetAccountSettingsCommand,
  LambdaClient,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { buildZip } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { credentials, region, startTestControl, type TestControl } from "./control.fixture.ts";

/** An account with room for 1 MB of code, so that it can be filled. */
let control: TestControl;
let lambda: LambdaClient;
beforeAll(async () => {
  control = await startTestControl({ codeStorageMb: 1 });
  lambda = new LambdaClient({ endpoint: control.url, region, credentials, maxAttempts: 1 });
  await create("half", 500_000);
  await waitUntilFunctionActiveV2(waiting(), { FunctionName: "half" });
});
afterAll(() => control?.stop());

const waiting = () => ({ client: lambda, maxWaitTime: 20, minDelay: 1, maxDelay: 1 });
/** Random bytes do not compress. */
const zipOf = (bytes: number) => buildZip({ "index.js": randomBytes(bytes) });
const create = async (FunctionName: string, bytes: number) =>
  lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/any",
      Code: { ZipFile: await zipOf(bytes) },
    }),
  );

const exceeded = {
  name: "CodeStorageExceededException",
  message: "Code storage limit exceeded.",
  $metadata: expect.objectContaining({ httpStatusCode: 400 }),
};

describe("CreateFunction", () => {
  it("gives CodeStorageExceededException where the code does not fit any more", async () => {
    await expect(create("more", 600_000)).rejects.toMatchObject(exceeded);
  });
});

describe("UpdateFunctionCode", () => {
  it("gives CodeStorageExceededException, but may replace what is there", async () => {
    const FunctionName = "half";
    const tooMuch = new UpdateFunctionCodeCommand({
      FunctionName,
      ZipFile: await zipOf(600_000),
      Publish: true,
    });
    await expect(lambda.send(tooMuch)).rejects.toMatchObject(exceeded);
    await lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName, ZipFile: await zipOf(900_000) }),
    );
    const { AccountUsage } = await lambda.send(new GetAccountSettingsCommand({}));
    expect(AccountUsage?.TotalCodeSize).toBeGreaterThan(900_000);
  });
});

describe("PublishLayerVersion", () => {
  it("gives CodeStorageExceededException where the layer does not fit any more", async () => {
    const Content = { ZipFile: await zipOf(600_000) };
    const publish = new PublishLayerVersionCommand({ LayerName: "large", Content });
    await expect(lambda.send(publish)).rejects.toMatchObject(exceeded);
  });
});

describe("PublishVersion", () => {
  it("gives CodeStorageExceededException where a copy does not fit any more", async () => {
    await waitUntilFunctionUpdatedV2(waiting(), { FunctionName: "half" });
    const publish = new PublishVersionCommand({ FunctionName: "half" });
    await expect(lambda.send(publish)).rejects.toMatchObject(exceeded);
  });
});
