/** Layers: published, found, listed and deleted. */
import { createHash } from "node:crypto";
import {
  DeleteLayerVersionCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionCommand,
  paginateListLayers,
  paginateListLayerVersions,
  type PublishLayerVersionCommandInput,
} from "@aws-sdk/client-lambda";
import { buildZip } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { sendSigned } from "../support/clients.ts";
import { lambda, uniqueName } from "../support/functions.ts";
import { layerArn, publishLayer } from "../support/layers.ts";
import { refusal } from "../support/refusal.ts";

type Input = Partial<PublishLayerVersionCommandInput>;
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
    await publishLayer(name, { a: "1" });
    await publishLayer(name, { a: "2" });
    await remove(name, 2);
    expect((await publishLayer(name, { a: "3" })).Version).toBe(3);
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
    const refused = await refusal(publishLayer(uniqueName("layer"), { a: "a" }, input));
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
    const {
      $metadata: _p,
      Content: published,
      ...rest
    } = await publishLayer(name, { a: "a" }, said);
    for (const reference of [name, layerArn(name)]) {
      const { $metadata: _g, Content: content, ...found } = await get(reference, 1);
      expect(found).toEqual(rest);
      expect(found).toMatchObject(said);
      expect(content?.CodeSha256).toBe(published?.CodeSha256);
    }
  });

  it("ResourceNotFoundException: there is no such version or layer", async () => {
    const name = uniqueName("layer");
    await publishLayer(name, { a: "a" });
    expect(await refusal(get(name, 2))).toEqual(missing);
    expect(await refusal(get("no-layer", 1))).toEqual(missing);
    expect(await refusal(get(name, 0))).toEqual(belowOne);
  });
});

describe("GetLayerVersionByArn", () => {
  const byArn = (Arn: string) => lambda.send(new GetLayerVersionByArnCommand({ Arn }));

  it("gives the version that the ARN names", async () => {
    const name = uniqueName("layer");
    await publishLayer(name, { a: "1" });
    await publishLayer(name, { a: "2" });
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
    await publishLayer(name, { a: "1" }, { CompatibleRuntimes: ["nodejs24.x"] });
    await publishLayer(name, { a: "2" }, { CompatibleRuntimes: ["python3.12"] });
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
      await publishLayer(
        name,
        { a: "a" },
        { CompatibleArchitectures: [...CompatibleArchitectures] },
      );
    }
    expect(await versionsOf(name)).toEqual([3, 2, 1]);
    expect(await versionsOf(name, { CompatibleArchitecture: "x86_64" })).toEqual([3, 1]);
    expect(await versionsOf("no-layer")).toEqual([]);
  });
});

describe("DeleteLayerVersion", () => {
  it("answers 204, also for a version that is not there", async () => {
    const name = uniqueName("layer");
    await publishLayer(name, { a: "a" });
    expect((await remove(name, 1)).$metadata.httpStatusCode).toBe(204);
    expect((await remove(name, 1)).$metadata.httpStatusCode).toBe(204);
    expect(await refusal(get(name, 1))).toEqual(missing);
    expect(await refusal(remove(name, 0))).toEqual(belowOne);
  });
});
