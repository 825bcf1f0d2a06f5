/** Layers: published, listed, given to functions, and merged at /opt. */
import { createHash, randomBytes } from "node:crypto";
import {
  AddLayerVersionPermissionCommand,
  type AddLayerVersionPermissionCommandInput,
  CreateFunctionCommand,
  DeleteLayerVersionCommand,
  GetFunctionConfigurationCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionCommand,
  GetLayerVersionPolicyCommand,
  paginateListLayers,
  paginateListLayerVersions,
  PublishLayerVersionCommand,
  type PublishLayerVersionCommandInput,
  RemoveLayerVersionPermissionCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { buildZip, type ZipEntry } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { sendSigned } from "../support/clients.ts";
import { createFunction, invoke, lambda, ROLE_ARN, uniqueName } from "../support/functions.ts";
import { refusal } from "../support/refusal.ts";

const layerArn = (name: string, version?: number) =>
  ["arn:aws:lambda:us-east-1:000000000000:layer", name, version]
    .filter((part) => part !== undefined)
    .join(":");
const text = { "index.mjs": "export const handler = async () => 1;" };

type Input = Partial<PublishLayerVersionCommandInput>;
async function publish(LayerName: string, files: Record<string, ZipEntry>, input: Input = {}) {
  const Content = { ZipFile: await buildZip(files) };
  return lambda.send(new PublishLayerVersionCommand({ LayerName, Content, ...input }));
}
const get = (LayerName: string, VersionNumber: number) =>
  lambda.send(new GetLayerVersionCommand({ LayerName, VersionNumber }));
const remove = (LayerName: string, VersionNumber: number) =>
  lambda.send(new DeleteLayerVersionCommand({ LayerName, VersionNumber }));

async function versionsOf(LayerName: string, more = {}): Promise<(number | undefined)[]> {
  const versions = [];
  const config = { client: lambda, pageSize: 1 };
  for await (const page of paginateListLayerVersions(config, { LayerName, ...more })) {
    expect(page.LayerVersions?.length).toBeLessThanOrEqual(1);
    versions.push(...(page.LayerVersions ?? []).map(({ Version }) => Version));
  }
  return versions;
}

const missing = {
  code: "ResourceNotFoundException",
  status: 404,
  message: "The resource you requested does not exist.",
};
const belowOne = {
  code: "InvalidParameterValueException",
  status: 400,
  message: "Layer Version Cannot be less than 1",
};

describe("PublishLayerVersion", () => {
  it("answers 201 with the version's number, its ARNs and where its content is", async () => {
    const name = uniqueName("layer");
    const zip = await buildZip({ "lib/a.txt": "a" });
    const answer = await sendSigned({
      method: "POST",
      path: `/2018-10-31/layers/${name}/versions`,
      body: JSON.stringify({ Content: { ZipFile: zip.toString("base64") } }),
    });
    expect(answer.status).toBe(201);
    const document = JSON.parse(answer.body) as { Content: { Location: string } };
    expect(document).toEqual({
      Content: {
        Location: expect.stringMatching(/^http:/),
        CodeSha256: createHash("sha256").update(zip).digest("base64"),
        CodeSize: zip.length,
      },
      LayerArn: layerArn(name),
      LayerVersionArn: layerArn(name, 1),
      Description: "",
      CreatedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
      Version: 1,
    });
    const content = await (await fetch(document.Content.Location)).arrayBuffer();
    expect(Buffer.from(content)).toEqual(zip);
  });

  it("counts versions, whose numbers are not used again", async () => {
    const name = uniqueName("layer");
    await publish(name, { a: "1" });
    await publish(name, { a: "2" });
    await remove(name, 2);
    expect((await publish(name, { a: "3" })).Version).toBe(3);
    expect(await versionsOf(name)).toEqual([3, 1]);
  });

  it.each<[string, Input, string, RegExp]>([
    [
      "a runtime that is none",
      { CompatibleRuntimes: ["cobol85" as "nodejs24.x"] },
      "ValidationException",
      /^1 validation error detected: Value '\[cobol85\]' at 'compatibleRuntimes' failed to satisfy constraint: Member must satisfy constraint: \[Member must satisfy enum value set: \[.*nodejs24\.x/,
    ],
    [
      "an architecture that is none",
      { CompatibleArchitectures: ["vax" as "arm64"] },
      "ValidationException",
      /^1 validation error detected: Value '\[vax\]' at 'compatibleArchitectures' failed to satisfy constraint: Member must satisfy constraint: \[Member must satisfy enum value set: \[x86_64, arm64\]\]$/,
    ],
    [
      "no content",
      { Content: {} },
      "InvalidParameterValueException",
      /^Please provide a source for layer code\.$/,
    ],
    [
      "what is no zip",
      { Content: { ZipFile: Buffer.from("no zip") } },
      "InvalidParameterValueException",
      /^Could not unzip uploaded file\. Please check your file, then try to upload again\.$/,
    ],
  ])("refuses %s", async (_what, input, code, message) => {
    const refused = await refusal(publish(uniqueName("layer"), { a: "a" }, input));
    expect(refused).toMatchObject({ code, status: 400 });
    expect(refused.message).toMatch(message);
  });
});

describe("GetLayerVersion", () => {
  it("gives what was published, by the layer's name or its ARN", async () => {
    const name = uniqueName("layer");
    const said = {
      Description: "tools",
      CompatibleRuntimes: ["nodejs24.x" as const],
      CompatibleArchitectures: ["arm64" as const],
      LicenseInfo: "MIT",
    };
    const { $metadata: _p, Content: published, ...rest } = await publish(name, { a: "a" }, said);
    for (const reference of [name, layerArn(name)]) {
      const { $metadata: _g, Content: content, ...found } = await get(reference, 1);
      expect(found).toEqual(rest);
      expect(found).toMatchObject(said);
      expect(content?.CodeSha256).toBe(published?.CodeSha256);
    }
  });

  it("ResourceNotFoundException: there is no such version or layer", async () => {
    const name = uniqueName("layer");
    await publish(name, { a: "a" });
    expect(await refusal(get(name, 2))).toEqual(missing);
    expect(await refusal(get("no-layer", 1))).toEqual(missing);
    expect(await refusal(get(name, 0))).toEqual(belowOne);
  });
});

describe("GetLayerVersionByArn", () => {
  const byArn = (Arn: string) => lambda.send(new GetLayerVersionByArnCommand({ Arn }));

  it("gives the version that the ARN names", async () => {
    const name = uniqueName("layer");
    await publish(name, { a: "1" });
    await publish(name, { a: "2" });
    expect(await byArn(layerArn(name, 2))).toMatchObject({ Version: 2 });
  });

  it("ResourceNotFoundException: there is no such version", async () => {
    expect(await refusal(byArn(layerArn("no-layer", 1)))).toEqual(missing);
  });

  it("ValidationException: the ARN names no version", async () => {
    const arn = layerArn("no-layer");
    const refused = await refusal(byArn(arn));
    expect(refused.code).toBe("ValidationException");
    expect(refused.message).toContain(`Value '${arn}' at 'arn' failed to satisfy constraint: `);
  });
});

describe("ListLayers", () => {
  it("lists each layer once, with its newest version that matches", async () => {
    const name = uniqueName("layer");
    await publish(name, { a: "1" }, { CompatibleRuntimes: ["nodejs24.x"] });
    await publish(name, { a: "2" }, { CompatibleRuntimes: ["python3.12"] });
    const newest = async (more = {}) => {
      const found = [];
      for await (const page of paginateListLayers({ client: lambda, pageSize: 2 }, more)) {
        found.push(...(page.Layers ?? []));
      }
      const ours = found.filter(({ LayerName }) => LayerName === name);
      expect(ours.length).toBeLessThanOrEqual(1);
      return ours[0];
    };
    expect(await newest()).toMatchObject({
      LayerName: name,
      LayerArn: layerArn(name),
      LatestMatchingVersion: { Version: 2, LayerVersionArn: layerArn(name, 2) },
    });
    expect(await newest({ CompatibleRuntime: "nodejs24.x" })).toMatchObject({
      LatestMatchingVersion: { Version: 1 },
    });
    expect(await newest({ CompatibleArchitecture: "arm64" })).toBeUndefined();
  });
});

describe("ListLayerVersions", () => {
  it("lists the newest first, in pages, and those that match where asked", async () => {
    const name = uniqueName("layer");
    for (const CompatibleArchitectures of [["x86_64"], ["arm64"], ["x86_64", "arm64"]] as const) {
      await publish(name, { a: "a" }, { CompatibleArchitectures: [...CompatibleArchitectures] });
    }
    expect(await versionsOf(name)).toEqual([3, 2, 1]);
    expect(await versionsOf(name, { CompatibleArchitecture: "x86_64" })).toEqual([3, 1]);
    expect(await versionsOf("no-layer")).toEqual([]);
  });
});

describe("DeleteLayerVersion", () => {
  it("answers 204, also for a version that is not there", async () => {
    const name = uniqueName("layer");
    await publish(name, { a: "a" });
    expect((await remove(name, 1)).$metadata.httpStatusCode).toBe(204);
    expect((await remove(name, 1)).$metadata.httpStatusCode).toBe(204);
    expect(await refusal(get(name, 1))).toEqual(missing);
    expect(await refusal(remove(name, 0))).toEqual(belowOne);
  });
});

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
    await publish(name, { a: "a" });
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

describe("the layers of a function", () => {
  const configure = async (FunctionName: string, Layers: string[]) => {
    const command = new UpdateFunctionConfigurationCommand({ FunctionName, Layers });
    const updated = await lambda.send(command);
    await waitUntilFunctionUpdatedV2(
      { client: lambda, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
      { FunctionName },
    );
    return updated;
  };
  const layersOf = async (FunctionName: string) =>
    (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).Layers;

  it("are told with their sizes, in their order, and not at all where there are none", async () => {
    const [first, second] = [uniqueName("first"), uniqueName("second")];
    const one = await publish(first, { "a.txt": "a" });
    const two = await publish(second, { "b.txt": "b" });
    const name = await createFunction({
      files: text,
      Layers: [layerArn(second, 1), layerArn(first, 1)],
    });
    expect(await layersOf(name)).toEqual([
      { Arn: layerArn(second, 1), CodeSize: two.Content?.CodeSize },
      { Arn: layerArn(first, 1), CodeSize: one.Content?.CodeSize },
    ]);
    expect((await configure(name, [])).Layers).toBeUndefined();
    const { body } = await sendSigned({
      method: "GET",
      path: `/2015-03-31/functions/${name}/configuration`,
    });
    expect(JSON.parse(body)).not.toHaveProperty("Layers");
  });

  it("are found by Node below /opt/nodejs and by programs on PATH in /opt/bin", async () => {
    const modules = uniqueName("modules");
    const tools = uniqueName("tools");
    await publish(modules, {
      "nodejs/node_modules/greeting/index.js": "module.exports = 'hello from a layer';",
      "nodejs/node24/node_modules/release/index.js": "module.exports = 'only for Node 24';",
    });
    await publish(tools, { "bin/tool": { content: "#!/bin/sh\necho a tool", mode: 0o755 } });
    const files = {
      "index.js": `const { execFileSync } = require("node:child_process");
        exports.handler = async () => [require("greeting"), require("release"),
          execFileSync("tool").toString(), process.env.LD_LIBRARY_PATH.includes("/opt/lib")];`,
    };
    const name = await createFunction({ files });
    await configure(name, [layerArn(modules, 1), layerArn(tools, 1)]);
    expect((await invoke(name)).json).toEqual([
      "hello from a layer",
      "only for Node 24",
      "a tool\n",
      true,
    ]);
  });

  it("are merged in their order: of a file that several have, the last one's counts", async () => {
    const layers = [uniqueName("below"), uniqueName("above")];
    for (const layer of layers) {
      await publish(layer, { "python/which.py": `which = "${layer}"`, [`only/${layer}`]: "" });
    }
    const files = {
      "index.py":
        "import os, which\ndef handler(e, c):\n  return [which.which, sorted(os.listdir('/opt/only'))]",
    };
    const name = await createFunction({ files, Runtime: "python3.11" });
    for (const order of [layers, layers.toReversed()]) {
      await configure(
        name,
        order.map((layer) => layerArn(layer, 1)),
      );
      expect((await invoke(name)).json).toEqual([order[1], layers.toSorted()]);
    }
  });

  it("outlive the deletion of the layer's version", async () => {
    const layer = uniqueName("gone");
    await publish(layer, { "nodejs/node_modules/kept/index.js": "module.exports = 'kept';" });
    const files = { "index.js": "exports.handler = async () => require('kept');" };
    const name = await createFunction({ files, Layers: [layerArn(layer, 1)] });
    await remove(layer, 1);
    expect((await invoke(name)).json).toBe("kept");
    expect(await layersOf(name)).toHaveLength(1);
    expect(await refusal(configure(name, [layerArn(layer, 1)]))).toEqual({
      code: "InvalidParameterValueException",
      status: 400,
      message: `Layer version ${layerArn(layer, 1)} does not exist.`,
    });
  });

  const refused = async (Layers: string[]) =>
    refusal(
      lambda.send(
        new CreateFunctionCommand({
          FunctionName: uniqueName("refused"),
          Runtime: "nodejs24.x",
          Handler: "index.handler",
          Role: ROLE_ARN,
          Code: { ZipFile: await buildZip(text) },
          Layers,
        }),
      ),
    );

  it("cannot be six, two versions of one, or of nobody's", async () => {
    const names = Array.from({ length: 6 }, () => layerArn(uniqueName("any"), 1));
    expect((await refused(names)).message).toBe("Cannot reference more than 5 layers.");
    const [one, two] = [layerArn("any", 1), layerArn("any", 2)];
    expect((await refused([one, two])).message).toBe(
      `Two different versions of the same layer are not allowed to be referenced in the same function. ${one} and ${two} are versions of the same layer.`,
    );
    expect((await refused([one])).message).toBe(`Layer version ${one} does not exist.`);
    expect((await refused(["any"])).message).toMatch(
      /^1 validation error detected: Value '\[any\]' at 'layers' failed to satisfy constraint: Member must satisfy constraint: \[Member must have length/,
    );
    const foreign = one.replace("000000000000", "123456789012");
    expect(await refused([foreign])).toMatchObject({ code: "AccessDeniedException", status: 403 });
  });

  it("cannot have more than 250 MB unpacked together with the code", async () => {
    const layer = uniqueName("large");
    await publish(layer, { zeros: Buffer.alloc(262_143_000) });
    const name = await createFunction({ files: { ...text, "more.bin": randomBytes(2000) } });
    expect((await refusal(configure(name, [layerArn(layer, 1)]))).message).toMatch(
      /^Function code combined with layers exceeds the maximum allowed size of 262144000 bytes\. The actual size is 2621450\d\d bytes\.$/,
    );
  });
});
