/** Tags of functions and layers. */
import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { sendSigned } from "../support/clients.ts";
import { createFunction, lambda, uniqueName } from "../support/functions.ts";
import { layerArn, publishLayer } from "../support/layers.ts";
import { refusal } from "../support/refusal.ts";

const files = { "index.mjs": "export const handler = async () => 1;" };
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

const tag = (Resource: string, Tags: Record<string, string>) =>
  lambda.send(new TagResourceCommand({ Resource, Tags }));
const untag = (Resource: string, ...TagKeys: string[]) =>
  lambda.send(new UntagResourceCommand({ Resource, TagKeys }));
const tagsOf = async (Resource: string) =>
  (await lambda.send(new ListTagsCommand({ Resource }))).Tags;

const noFunction = {
  code: "ResourceNotFoundException",
  status: 404,
  message: `Function not found: ${arnOf("nobody")}`,
};
const qualified = {
  code: "InvalidParameterValueException",
  status: 400,
  message:
    "Tags on function aliases and versions are not supported. Please specify a function ARN.",
};

describe("TagResource", () => {
  it("answers 204, adds to the tags that are there, and gives a new revision", async () => {
    const name = await createFunction({ files, Tags: { team: "blue", tier: "one" } });
    const revision = async () =>
      (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }))).RevisionId;
    const before = await revision();
    const tagged = await tag(arnOf(name), { tier: "two", "ключ: ü": "значение" });
    expect(tagged.$metadata.httpStatusCode).toBe(204);
    const Tags = { team: "blue", tier: "two", "ключ: ü": "значение" };
    expect(await tagsOf(arnOf(name))).toEqual(Tags);
    expect((await lambda.send(new GetFunctionCommand({ FunctionName: name }))).Tags).toEqual(Tags);
    expect(await revision()).not.toBe(before);
  });

  it("is for layers too", async () => {
    const layer = uniqueName("layer");
    await publishLayer(layer, { a: "a" });
    await tag(layerArn(layer), { team: "blue" });
    expect(await tagsOf(layerArn(layer))).toEqual({ team: "blue" });
    await untag(layerArn(layer), "team");
    expect(await tagsOf(layerArn(layer))).toEqual({});
  });

  it("ResourceNotFoundException: there is no such function, layer or anything", async () => {
    expect(await refusal(tag(arnOf("nobody"), { a: "b" }))).toEqual(noFunction);
    const mapping = `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}`;
    for (const arn of [layerArn("no-layer"), mapping]) {
      expect(await refusal(tag(arn, { a: "b" }))).toEqual({
        ...noFunction,
        message: "The resource you requested does not exist.",
      });
    }
  });

  it("refuses more than 50, none, versions, and what is no ARN", async () => {
    const name = await createFunction({ files });
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, "v"]));
    expect((await refusal(tag(arnOf(name), many))).message).toBe(
      "Number of tags exceeds resource tag limit.",
    );
    expect((await refusal(tag(arnOf(name), {}))).message).toBe(
      "An error occurred and the request cannot be processed.",
    );
    expect(await refusal(tag(`${arnOf(name)}:$LATEST`, { a: "b" }))).toEqual(qualified);
    expect((await refusal(tag(name, { a: "b" }))).message).toMatch(
      /^1 validation error detected: Value '.*' at 'resource' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:/,
    );
  });
});

describe("UntagResource", () => {
  it("answers 204 and takes tags away by their keys, also keys that are not there", async () => {
    const name = await createFunction({ files, Tags: { a: "1", b: "2", c: "3" } });
    const untagged = await untag(arnOf(name), "a", "c", "unknown");
    expect(untagged.$metadata.httpStatusCode).toBe(204);
    expect(await tagsOf(arnOf(name))).toEqual({ b: "2" });
  });

  it("ValidationException: it has to name keys", async () => {
    const { status, body } = await sendSigned({
      method: "DELETE",
      path: `/2017-03-31/tags/${encodeURIComponent(arnOf("nobody"))}`,
    });
    expect(status).toBe(400);
    expect(JSON.parse(body)).toEqual({
      message:
        "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null",
    });
  });

  it("ResourceNotFoundException: there is no such function", async () => {
    expect(await refusal(untag(arnOf("nobody"), "a"))).toEqual(noFunction);
  });
});

describe("ListTags", () => {
  it("answers an empty map where there are none", async () => {
    const name = await createFunction({ files });
    expect(await tagsOf(arnOf(name))).toEqual({});
  });

  it("ResourceNotFoundException: there is no such function", async () => {
    expect(await refusal(tagsOf(arnOf("nobody")))).toEqual(noFunction);
    expect(await refusal(tagsOf(`${arnOf("nobody")}:1`))).toEqual(qualified);
  });
});
