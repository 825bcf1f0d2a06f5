/** Who may use a layer's version. */
import {
  AddLayerVersionPermissionCommand,
  type AddLayerVersionPermissionCommandInput,
  GetLayerVersionPolicyCommand,
  RemoveLayerVersionPermissionCommand,
} from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { lambda, uniqueName } from "../support/functions.ts";
import { layerArn, publishLayer } from "../support/layers.ts";
import { refusal } from "../support/refusal.ts";

const missing = { code: "ResourceNotFoundException", status: 404 };

describe("the policy of a layer's version", () => {
  const permit = (
    LayerName: string,
    input: Partial<AddLayerVersionPermissionCommandInput> & { StatementId: string },
  ) =>
    lambda.send(
      new AddLayerVersionPermissionCommand({
        LayerName,
        VersionNumber: 1,
        Action: "lambda:GetLayerVersion",
        Principal: "*",
        ...input,
      }),
    );
  const policyOf = async (LayerName: string) => {
    const command = new GetLayerVersionPolicyCommand({ LayerName, VersionNumber: 1 });
    const { Policy = "", RevisionId } = await lambda.send(command);
    return { policy: JSON.parse(Policy), RevisionId };
  };
  const forbid = (LayerName: string, StatementId: string, RevisionId?: string) =>
    lambda.send(
      new RemoveLayerVersionPermissionCommand({
        LayerName,
        VersionNumber: 1,
        StatementId,
        RevisionId,
      }),
    );
  const published = async () => {
    const name = uniqueName("layer");
    await publishLayer(name, { a: "a" });
    return name;
  };

  it("has its statements in the order in which they were added", async () => {
    const name = await published();
    const first = await permit(name, { StatementId: "all", OrganizationId: "o-0123456789" });
    const second = await permit(name, { StatementId: "one", Principal: "123456789012" });
    const statement = { Effect: "Allow", Action: "lambda:GetLayerVersion" };
    const Resource = layerArn(name, 1);
    const all = {
      ...{ Sid: "all", ...statement, Principal: "*", Resource },
      Condition: { StringEquals: { "aws:PrincipalOrgID": "o-0123456789" } },
    };
    const one = {
      ...{ Sid: "one", ...statement, Resource },
      Principal: { AWS: "arn:aws:iam::123456789012:root" },
    };
    expect(JSON.parse(first.Statement ?? "")).toEqual(all);
    expect(JSON.parse(second.Statement ?? "")).toEqual(one);
    expect(await policyOf(name)).toEqual({
      policy: { Version: "2012-10-17", Id: "default", Statement: [all, one] },
      RevisionId: second.RevisionId,
    });
    expect(first.RevisionId).not.toBe(second.RevisionId);
    await forbid(name, "all", second.RevisionId);
    expect((await policyOf(name)).policy.Statement).toEqual([one]);
  });

  describe("AddLayerVersionPermission", () => {
    it("ResourceConflictException: the policy has such a statement", async () => {
      const name = await published();
      await permit(name, { StatementId: "all" });
      expect(await refusal(permit(name, { StatementId: "all" }))).toEqual({
        code: "ResourceConflictException",
        status: 409,
        message:
          "The statement id (all) provided already exists. Please provide a new statement id, or remove the existing statement.",
      });
    });

    it("PreconditionFailedException: somebody else has changed the policy", async () => {
      const name = await published();
      await permit(name, { StatementId: "all" });
      const late = permit(name, { StatementId: "more", RevisionId: "another" });
      expect(await refusal(late)).toEqual({
        code: "PreconditionFailedException",
        status: 412,
        message:
          "The Revision Id provided does not match the latest Revision Id. Call the GetLayerPolicy API to retrieve the latest Revision Id",
      });
    });

    it("ResourceNotFoundException: there is no such version", async () => {
      expect(await refusal(permit("no-layer", { StatementId: "all" }))).toEqual({
        ...missing,
        message: `Layer version ${layerArn("no-layer", 1)} does not exist.`,
      });
    });

    it("PolicyLengthExceededException: the policy has more than 20,480 characters", async () => {
      const name = await published();
      let refused;
      for (let count = 0; refused === undefined && count < 200; count += 1) {
        const StatementId = `${"x".repeat(90)}${count}`;
        refused = await permit(name, { StatementId }).then(
          () => undefined,
          (error: Error) => error,
        );
      }
      expect(refused?.name).toBe("PolicyLengthExceededException");
      expect(refused?.message).toMatch(
        /^The final policy size \(\d{5}\) is bigger than the limit \(20480\)\.$/,
      );
    });

    it("ValidationException: nothing else than getting the layer can be permitted", async () => {
      const refused = await refusal(
        permit("no-layer", { StatementId: "all", Action: "lambda:Invoke" }),
      );
      expect(refused.message).toBe(
        "1 validation error detected: Value 'lambda:Invoke' at 'action' failed to satisfy constraint: Member must satisfy regular expression pattern: lambda:GetLayerVersion",
      );
    });
  });

  describe("GetLayerVersionPolicy", () => {
    it("ResourceNotFoundException: nothing was permitted, or there is no such version", async () => {
      const name = await published();
      expect(await refusal(policyOf(name))).toEqual({
        ...missing,
        message: "No policy is associated with the given resource.",
      });
      expect((await refusal(policyOf("no-layer"))).message).toBe(
        `Layer version ${layerArn("no-layer", 1)} does not exist.`,
      );
    });
  });

  describe("RemoveLayerVersionPermission", () => {
    it("ResourceNotFoundException: there is no such statement", async () => {
      const name = await published();
      await permit(name, { StatementId: "all" });
      expect(await refusal(forbid(name, "other"))).toEqual({
        ...missing,
        message: "Statement other is not found in resource policy.",
      });
    });

    it("PreconditionFailedException: somebody else has changed the policy", async () => {
      const name = await published();
      await permit(name, { StatementId: "all" });
      expect((await refusal(forbid(name, "all", "another"))).code).toBe(
        "PreconditionFailedException",
      );
    });
  });
});
