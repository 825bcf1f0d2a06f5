/**
 * Scenario: archives that are none, or that mean harm, through the real API. AWS's own errors, and
 * nothing of them becomes a function. Source of the messages: lambda-spec.md §1.7.
 */
import {
  CreateFunctionCommand,
  GetFunctionCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { buildZip, type ZipEntry } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FaultyStack } from "./stack.fixture.ts";

let stack: FaultyStack;

beforeAll(async () => {
  stack = await FaultyStack.start();
  await stack.deploy("good", "export const handler = async () => 'good';");
});
afterAll(() => stack.stop());

const index = { "index.mjs": "export const handler = async () => 'bad';" };
const MEBIBYTE = 1024 * 1024;
/** Deflate makes a thousandth of zeros: some 260 KB of archive for more than is allowed. */
const zeros = (mebibytes: number): ZipEntry => ({
  content: Buffer.alloc(mebibytes * MEBIBYTE),
  compress: true,
});

const notUnzipped =
  "Could not unzip uploaded file. Please check your file, then try to upload again.";
const tooBig = "Unzipped size must be smaller than 262144000 bytes";

/** Each as bytes that are made when the test runs. */
const archives: readonly [string, () => Promise<Buffer>, string][] = [
  ["is no archive", async () => Buffer.from("this is no archive"), notUnzipped],
  ["is cut off", async () => (await buildZip(index)).subarray(0, 60), notUnzipped],
  ["has a path with ../", () => buildZip({ ...index, "../escaped.mjs": "x" }), notUnzipped],
  ["has an absolute path", () => buildZip({ ...index, "/escaped.mjs": "x" }), notUnzipped],
  [
    "has a link that leaves it",
    () => buildZip({ ...index, link: { symlink: "../../../etc" } }),
    notUnzipped,
  ],
  ["has an absolute link", () => buildZip({ ...index, link: { symlink: "/etc" } }), notUnzipped],
  ["unpacks to more than 250 MB", () => buildZip({ ...index, zeros: zeros(250) }), tooBig],
];

describe("an archive that is no good", () => {
  it.each(archives)("is refused with AWS's error when it %s", async (_title, build, message) => {
    const archive = await build();
    const refusal = {
      name: "InvalidParameterValueException",
      message: expect.stringContaining(message),
      $metadata: expect.objectContaining({ httpStatusCode: 400 }),
    };
    const create = new CreateFunctionCommand({
      FunctionName: "bad",
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/any",
      Code: { ZipFile: archive },
    });
    await expect(stack.client.send(create)).rejects.toMatchObject(refusal);
    await expect(
      stack.client.send(new GetFunctionCommand({ FunctionName: "bad" })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });

    const update = new UpdateFunctionCodeCommand({ FunctionName: "good", ZipFile: archive });
    await expect(stack.client.send(update)).rejects.toMatchObject(refusal);
    await stack.invoke("good");
  });
});
