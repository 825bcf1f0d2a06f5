/** What a function has beside its configuration, where Paddock has one answer only or nearly so. */
import {
  GetFunctionCodeSigningConfigCommand,
  GetFunctionRecursionConfigCommand,
  GetRuntimeManagementConfigCommand,
  PutFunctionRecursionConfigCommand,
  PutRuntimeManagementConfigCommand,
  type UpdateRuntimeOn,
} from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { sendSigned } from "../support/clients.ts";
import { createFunction, lambda } from "../support/functions.ts";
import { refusal } from "../support/refusal.ts";

const files = { "index.mjs": "export const handler = async () => 1;" };
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const noFunction = {
  code: "ResourceNotFoundException",
  status: 404,
  message: `Function not found: ${arnOf("nobody")}`,
};

describe("PutFunctionRecursionConfig", () => {
  const put = (FunctionName: string, RecursiveLoop: "Allow" | "Terminate") =>
    lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop }));
  const get = async (FunctionName: string) =>
    (await lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName }))).RecursiveLoop;

  it("is what GetFunctionRecursionConfig tells, Terminate where nothing was put", async () => {
    const name = await createFunction({ files });
    expect(await get(name)).toBe("Terminate");
    expect(await put(name, "Allow")).toMatchObject({ RecursiveLoop: "Allow" });
    expect(await get(name)).toBe("Allow");
  });

  it("ValidationException: it is one of the two", async () => {
    const name = await createFunction({ files });
    expect((await refusal(put(name, "Sometimes" as "Allow"))).message).toBe(
      "1 validation error detected: Value 'Sometimes' at 'recursiveLoop' failed to satisfy constraint: Member must satisfy enum value set: [Allow, Terminate]",
    );
  });

  it("ResourceNotFoundException: there is no such function", async () => {
    expect(await refusal(put("nobody", "Allow"))).toEqual(noFunction);
  });

  describe("GetFunctionRecursionConfig", () => {
    it("ResourceNotFoundException: there is no such function", async () => {
      expect(await refusal(get("nobody"))).toEqual(noFunction);
    });
  });
});

describe("PutRuntimeManagementConfig", () => {
  const put = (FunctionName: string, mode: UpdateRuntimeOn) =>
    lambda.send(new PutRuntimeManagementConfigCommand({ FunctionName, UpdateRuntimeOn: mode }));
  const get = (FunctionName: string, Qualifier?: string) =>
    lambda.send(new GetRuntimeManagementConfigCommand({ FunctionName, Qualifier }));

  it("takes Auto, which is how every function has it", async () => {
    const name = await createFunction({ files });
    const answer = { UpdateRuntimeOn: "Auto", FunctionArn: `${arnOf(name)}:$LATEST` };
    expect(await put(name, "Auto")).toMatchObject(answer);
    expect(await get(name)).toMatchObject(answer);
  });

  it("InvalidParameterValueException: a runtime's version cannot be kept", async () => {
    const name = await createFunction({ files });
    for (const mode of ["Manual", "FunctionUpdate"] as const) {
      expect(await refusal(put(name, mode))).toMatchObject({
        code: "InvalidParameterValueException",
        status: 400,
      });
    }
  });

  it("ResourceNotFoundException: there is no such function", async () => {
    expect(await refusal(put("nobody", "Auto"))).toEqual(noFunction);
  });

  describe("GetRuntimeManagementConfig", () => {
    it("ResourceNotFoundException: there is no such function or version", async () => {
      expect(await refusal(get("nobody"))).toEqual(noFunction);
      const name = await createFunction({ files });
      expect((await refusal(get(name, "7"))).message).toBe(`Function not found: ${arnOf(name)}:7`);
    });
  });
});

describe("GetFunctionCodeSigningConfig", () => {
  it("answers an empty document, as AWS does of a function without one", async () => {
    const name = await createFunction({ files });
    const path = `/2020-06-30/functions/${name}/code-signing-config`;
    const { status, body } = await sendSigned({ method: "GET", path });
    expect([status, body]).toEqual([200, "{}"]);
  });

  it("ResourceNotFoundException: there is no such function", async () => {
    const get = new GetFunctionCodeSigningConfigCommand({ FunctionName: "nobody" });
    expect(await refusal(lambda.send(get))).toEqual(noFunction);
  });
});
