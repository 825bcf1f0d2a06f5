/**
 * Scenario: archives and events that are no good, through the real API. AWS's own errors, nothing of
 * them becomes a function or stays on the machine, and what was deployed before runs on. Source of
 * the messages: lambda-spec.md §1.7, §2.1.
 */
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { ROLE_ARN } from "../support/lambda-user.ts";
import { badArchives, oddArchives } from "./support/bad-archives.ts";
import { calmHoldings, expectNoMoreThan, type Holdings } from "./support/holdings.ts";
import { languages, probeIn } from "./support/languages.ts";
import { admitBystander, admitCode, expectOthersServed, secret, user } from "./support/prison.ts";

const good = "good-before";
const SYNCHRONOUS_BYTES = 6 * 1024 * 1024;
const ASYNCHRONOUS_BYTES = 1024 * 1024;
const ownBoot = { Environment: { Variables: { LANG: "C.UTF-8" } } };
let before: Holdings;

const goodCode = {
  runtime: "nodejs24.x",
  handler: "index.handler",
  files: { "index.mjs": "export const handler = async () => 'good';" },
} as const;

async function expectGood(): Promise<void> {
  expect((await user.invoke(good)).json).toBe("good");
}

beforeAll(async () => {
  await admitBystander();
  await admitCode(good, goodCode, ownBoot);
  await expectGood();
  before = await calmHoldings();
});

afterEach(async () => {
  await expectGood();
  await Promise.all([expectOthersServed(), expectNoMoreThan(before)]);
});

const creation = (FunctionName: string, ZipFile: Buffer) =>
  new CreateFunctionCommand({
    FunctionName,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: ROLE_ARN,
    Code: { ZipFile },
    ...ownBoot,
  });

describe("an archive", () => {
  it.each(badArchives)("is refused when it $what", async ({ build, message }) => {
    const archive = await build();
    const name = secret("bad");
    const refusal = {
      name: "InvalidParameterValueException",
      message: expect.stringContaining(message),
      $metadata: expect.objectContaining({ httpStatusCode: 400 }),
    };
    await expect(user.client.send(creation(name, archive))).rejects.toMatchObject(refusal);
    const get = new GetFunctionCommand({ FunctionName: name });
    await expect(user.client.send(get)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    const update = new UpdateFunctionCodeCommand({ FunctionName: good, ZipFile: archive });
    await expect(user.client.send(update)).rejects.toMatchObject(refusal);
  });

  it.each(oddArchives)("is taken although it $what", async ({ build }) => {
    const name = secret("odd");
    await user.client.send(creation(name, await build()));
    await user.untilActive(name);
    expect((await user.invoke(name)).json).toBe("from the archive");
    await user.client.send(new DeleteFunctionCommand({ FunctionName: name }));
  });
});

describe("an event", () => {
  const invoke = (Payload: string, InvocationType: "RequestResponse" | "Event") =>
    user.invoke(good, undefined, { Payload, InvocationType });

  it.each(["RequestResponse", "Event"] as const)(
    "that is no JSON is refused (%s)",
    async (type) => {
      await expect(invoke("{", type)).rejects.toMatchObject({
        name: "InvalidRequestContentException",
        $metadata: expect.objectContaining({ httpStatusCode: 400 }),
      });
    },
  );

  it.each([
    ["RequestResponse", SYNCHRONOUS_BYTES],
    ["Event", ASYNCHRONOUS_BYTES],
  ] as const)("over the limit is refused (%s)", async (type, bytes) => {
    const event = JSON.stringify("x".repeat(bytes));
    await expect(invoke(event, type)).rejects.toMatchObject({
      name: "RequestTooLargeException",
      $metadata: expect.objectContaining({ httpStatusCode: 413 }),
    });
  });
});

describe.each(languages)("a function whose handler is missing (%s)", (language) => {
  const errorType = {
    node: "Runtime.ImportModuleError",
    python: "Runtime.ImportModuleError",
    native: "Runtime.InvalidEntrypoint",
  };

  it("gets the runtime's error, each time", async () => {
    const name = secret("missing");
    const { runtime } = await probeIn(language);
    const code = { runtime, handler: "nothing.handler", files: { "readme.txt": "no code" } };
    await admitCode(name, code, ownBoot);
    for (let count = 0; count < 2; count += 1) {
      const { functionError, json } = await user.invoke(name);
      expect(functionError).toBe("Unhandled");
      expect(json.errorType).toBe(errorType[language]);
    }
    await user.client.send(new DeleteFunctionCommand({ FunctionName: name }));
  });
});
