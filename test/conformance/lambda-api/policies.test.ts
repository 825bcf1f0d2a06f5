/** Resource policies: statement by statement, and as whole documents. */
import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteResourcePolicyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  GetResourcePolicyCommand,
  PublishVersionCommand,
  PutResourcePolicyCommand,
  RemovePermissionCommand,
} from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { createFunction, lambda } from "../support/functions.ts";
import { refusal } from "../support/refusal.ts";

const files = { "index.mjs": "export const handler = async () => 1;" };
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

const add = (FunctionName: string, input: Partial<AddPermissionCommandInput> = {}) =>
  lambda.send(
    new AddPermissionCommand({
      StatementId: "s3",
      Action: "lambda:InvokeFunction",
      Principal: "s3.amazonaws.com",
      ...input,
      FunctionName,
    }),
  );
const remove = (FunctionName: string, StatementId: string, more = {}) =>
  lambda.send(new RemovePermissionCommand({ FunctionName, StatementId, ...more }));
async function policyOf(FunctionName: string, Qualifier?: string) {
  const command = new GetPolicyCommand({ FunctionName, Qualifier });
  const { Policy = "", RevisionId } = await lambda.send(command);
  return { policy: JSON.parse(Policy), RevisionId };
}
const revisionOf = async (FunctionName: string, Qualifier?: string) =>
  (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }))).RevisionId;

async function withAlias(): Promise<string> {
  const name = await createFunction({ files });
  await lambda.send(new PublishVersionCommand({ FunctionName: name }));
  const alias = { FunctionName: name, Name: "live", FunctionVersion: "1" };
  await lambda.send(new CreateAliasCommand(alias));
  return name;
}

const noResource = {
  code: "ResourceNotFoundException",
  status: 404,
  message: "The resource you requested does not exist.",
};
const otherRevision = {
  code: "PreconditionFailedException",
  status: 412,
  message:
    "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
};

describe("AddPermission", () => {
  it("answers 201 with the statement, which GetPolicy has after those before it", async () => {
    const name = await createFunction({ files });
    const added = await add(name, {
      SourceArn: "arn:aws:s3:::bucket",
      SourceAccount: "123456789012",
    });
    expect(added.$metadata.httpStatusCode).toBe(201);
    const first = {
      Sid: "s3",
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: arnOf(name),
      Condition: {
        StringEquals: { "AWS:SourceAccount": "123456789012" },
        ArnLike: { "AWS:SourceArn": "arn:aws:s3:::bucket" },
      },
    };
    expect(JSON.parse(added.Statement ?? "")).toEqual(first);
    await add(name, { StatementId: "all", Principal: "*" });
    const { policy, RevisionId } = await policyOf(name);
    expect(policy).toEqual({
      Version: "2012-10-17",
      Id: "default",
      Statement: [first, expect.objectContaining({ Sid: "all", Principal: "*" })],
    });
    expect(RevisionId).toBe(await revisionOf(name));
  });

  it("gives the function a new revision", async () => {
    const name = await createFunction({ files });
    const before = await revisionOf(name);
    await add(name, { RevisionId: before });
    expect(await revisionOf(name)).not.toBe(before);
  });

  it("keeps a policy for each qualifier, whose ARN its statements carry", async () => {
    const name = await withAlias();
    await add(name, { Qualifier: "live" });
    await add(`${name}:1`);
    expect((await policyOf(name, "live")).policy.Statement[0].Resource).toBe(`${arnOf(name)}:live`);
    expect((await policyOf(name, "1")).policy.Statement[0].Resource).toBe(`${arnOf(name)}:1`);
    expect(await refusal(policyOf(name))).toEqual(noResource);
    await lambda.send(new DeleteAliasCommand({ FunctionName: name, Name: "live" }));
    const again = { FunctionName: name, Name: "live", FunctionVersion: "1" };
    await lambda.send(new CreateAliasCommand(again));
    expect(await refusal(policyOf(name, "live"))).toEqual(noResource);
  });

  it("ResourceConflictException: the policy has such a statement", async () => {
    const name = await createFunction({ files });
    await add(name);
    expect(await refusal(add(name))).toEqual({
      code: "ResourceConflictException",
      status: 409,
      message:
        "The statement id (s3) provided already exists. Please provide a new statement id, or remove the existing statement.",
    });
  });

  it("PreconditionFailedException: the function has changed", async () => {
    const name = await createFunction({ files });
    expect(await refusal(add(name, { RevisionId: "another" }))).toEqual(otherRevision);
  });

  it("PolicyLengthExceededException: the policy has more than 20,480 characters", async () => {
    const name = await createFunction({ files });
    const SourceArn = `arn:aws:s3:::${"b".repeat(4000)}`;
    for (let count = 0; count < 4; count += 1) {
      await add(name, { StatementId: `s${count}`, SourceArn });
    }
    const refused = await refusal(add(name, { StatementId: "s4", SourceArn }));
    expect(refused).toMatchObject({ code: "PolicyLengthExceededException", status: 400 });
    expect(refused.message).toMatch(
      /^The final policy size \(2\d{4}\) is bigger than the limit \(20480\)\.$/,
    );
    expect((await policyOf(name)).policy.Statement).toHaveLength(4);
  });

  it("ResourceNotFoundException: there is no such function, version or alias", async () => {
    const name = await createFunction({ files });
    const missing = { code: "ResourceNotFoundException", status: 404 };
    expect(await refusal(add("nobody"))).toEqual({
      ...missing,
      message: `Function not found: ${arnOf("nobody")}`,
    });
    expect(await refusal(add(name, { Qualifier: "7" }))).toEqual({
      ...missing,
      message: `Function not found: ${arnOf(name)}:7`,
    });
    expect(await refusal(add(name, { Qualifier: "live" }))).toEqual({
      ...missing,
      message: `Cannot find alias arn: ${arnOf(name)}:live`,
    });
  });

  it.each<[string, Partial<AddPermissionCommandInput>, string, string]>([
    [
      "$LATEST",
      { Qualifier: "$LATEST" },
      "InvalidParameterValueException",
      "We currently do not support adding policies for $LATEST.",
    ],
    [
      "a principal that is none",
      { Principal: "nobody" },
      "InvalidParameterValueException",
      "The provided principal was invalid. Please check the principal and try again.",
    ],
    [
      "an auth type without a URL",
      { FunctionUrlAuthType: "NONE" },
      "InvalidParameterValueException",
      "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action",
    ],
    [
      "an id with a blank",
      { StatementId: "a b" },
      "ValidationException",
      "1 validation error detected: Value 'a b' at 'statementId' failed to satisfy constraint: Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)",
    ],
    [
      "another service's action",
      { Action: "s3:GetObject" },
      "ValidationException",
      "1 validation error detected: Value 's3:GetObject' at 'action' failed to satisfy constraint: Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])",
    ],
  ])("refuses %s", async (_what, input, code, message) => {
    const name = await createFunction({ files });
    expect(await refusal(add(name, input))).toEqual({ code, status: 400, message });
  });
});

describe("RemovePermission", () => {
  it("answers 204; with its last statement the policy is gone", async () => {
    const name = await createFunction({ files });
    await add(name);
    await add(name, { StatementId: "all", Principal: "*" });
    const removed = await remove(name, "s3", { RevisionId: await revisionOf(name) });
    expect(removed.$metadata.httpStatusCode).toBe(204);
    expect((await policyOf(name)).policy.Statement).toMatchObject([{ Sid: "all" }]);
    await remove(name, "all");
    expect(await refusal(policyOf(name))).toEqual(noResource);
  });

  it("ResourceNotFoundException: there is no such statement, policy or function", async () => {
    const name = await createFunction({ files });
    const missing = { code: "ResourceNotFoundException", status: 404 };
    expect(await refusal(remove(name, "s3"))).toEqual({
      ...missing,
      message: "No policy is associated with the given resource.",
    });
    await add(name);
    expect(await refusal(remove(name, "other"))).toEqual({
      ...missing,
      message: "Statement other is not found in resource policy.",
    });
    expect(await refusal(remove("nobody", "s3"))).toEqual({
      ...missing,
      message: `No policy found for: ${arnOf("nobody")}`,
    });
  });

  it("PreconditionFailedException: the function has changed", async () => {
    const name = await createFunction({ files });
    await add(name);
    expect(await refusal(remove(name, "s3", { RevisionId: "another" }))).toEqual(otherRevision);
  });
});

describe("GetPolicy", () => {
  it("ResourceNotFoundException: there is no policy, or no function", async () => {
    const name = await createFunction({ files });
    expect(await refusal(policyOf(name))).toEqual(noResource);
    expect((await refusal(policyOf("nobody"))).message).toBe(
      `Function not found: ${arnOf("nobody")}`,
    );
  });
});

describe("whole policies", () => {
  const statement = (Resource: string) => ({
    Sid: "whole",
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::123456789012:root" },
    Action: "lambda:InvokeFunction",
    Resource,
  });
  const document = (Resource: string) => ({
    Version: "2012-10-17",
    Statement: [statement(Resource)],
  });
  const put = (ResourceArn: string, policy: unknown, RevisionId?: string) =>
    lambda.send(
      new PutResourcePolicyCommand({ ResourceArn, Policy: JSON.stringify(policy), RevisionId }),
    );
  const get = (ResourceArn: string) => lambda.send(new GetResourcePolicyCommand({ ResourceArn }));
  const drop = (ResourceArn: string, RevisionId?: string) =>
    lambda.send(new DeleteResourcePolicyCommand({ ResourceArn, RevisionId }));
  const noFunction = {
    code: "ResourceNotFoundException",
    status: 404,
    message: `Function not found: ${arnOf("nobody")}`,
  };

  describe("PutResourcePolicy", () => {
    it("replaces what AddPermission has added, and AddPermission adds to it", async () => {
      const name = await createFunction({ files });
      await add(name);
      const answer = await put(arnOf(name), document(arnOf(name)));
      expect(JSON.parse(answer.Policy ?? "")).toEqual(document(arnOf(name)));
      expect(await get(arnOf(name))).toMatchObject({
        Policy: answer.Policy,
        RevisionId: answer.RevisionId,
      });
      await add(name);
      const { policy } = await policyOf(name);
      expect(policy.Statement).toMatchObject([{ Sid: "whole" }, { Sid: "s3" }]);
    });

    it("is for a version or an alias where the ARN names one", async () => {
      const name = await withAlias();
      await put(`${arnOf(name)}:live`, document(`${arnOf(name)}:live`));
      expect((await policyOf(name, "live")).policy.Statement).toHaveLength(1);
      expect(await refusal(get(arnOf(name)))).toEqual(noResource);
    });

    it("PreconditionFailedException: the function has changed", async () => {
      const name = await createFunction({ files });
      const late = put(arnOf(name), document(arnOf(name)), "another");
      expect(await refusal(late)).toEqual(otherRevision);
    });

    it("ResourceNotFoundException: there is no such function", async () => {
      expect(await refusal(put(arnOf("nobody"), document("x")))).toEqual(noFunction);
    });

    it("InvalidParameterValueException: the document is no policy", async () => {
      const name = await createFunction({ files });
      for (const wrong of [[], {}, { Statement: [] }, { Statement: [{ Effect: "Allow" }] }]) {
        expect(await refusal(put(arnOf(name), wrong))).toMatchObject({
          code: "InvalidParameterValueException",
          status: 400,
        });
      }
    });
  });

  describe("GetResourcePolicy", () => {
    it("ResourceNotFoundException: there is no policy, or no function", async () => {
      const name = await createFunction({ files });
      expect(await refusal(get(arnOf(name)))).toEqual(noResource);
      expect(await refusal(get(arnOf("nobody")))).toEqual(noFunction);
    });
  });

  describe("DeleteResourcePolicy", () => {
    it("answers 204 and takes the policy away as a whole", async () => {
      const name = await createFunction({ files });
      const { RevisionId } = await put(arnOf(name), document(arnOf(name)));
      expect((await drop(arnOf(name), RevisionId)).$metadata.httpStatusCode).toBe(204);
      expect(await refusal(policyOf(name))).toEqual(noResource);
    });

    it("ResourceNotFoundException: there is no policy, or no function", async () => {
      const name = await createFunction({ files });
      expect(await refusal(drop(arnOf(name)))).toEqual(noResource);
      expect(await refusal(drop(arnOf("nobody")))).toEqual(noFunction);
    });

    it("PreconditionFailedException: the function has changed", async () => {
      const name = await createFunction({ files });
      await put(arnOf(name), document(arnOf(name)));
      expect(await refusal(drop(arnOf(name), "another"))).toEqual(otherRevision);
    });
  });
});
