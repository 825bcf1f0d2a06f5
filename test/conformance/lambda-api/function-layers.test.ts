/** Functions with layers: what they are told to have, and what they see at /opt. */
import { randomBytes } from "node:crypto";
import {
  CreateFunctionCommand,
  DeleteLayerVersionCommand,
  GetFunctionConfigurationCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { buildZip } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { sendSigned } from "../support/clients.ts";
import { createFunction, invoke, lambda, ROLE_ARN, uniqueName } from "../support/functions.ts";
import { layerArn, publishLayer } from "../support/layers.ts";
import { refusal } from "../support/refusal.ts";

const text = { "index.mjs": "export const handler = async () => 1;" };
const remove = (LayerName: string, VersionNumber: number) =>
  lambda.send(new DeleteLayerVersionCommand({ LayerName, VersionNumber }));

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
    const one = await publishLayer(first, { "a.txt": "a" });
    const two = await publishLayer(second, { "b.txt": "b" });
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
    await publishLayer(modules, {
      "nodejs/node_modules/greeting/index.js": "module.exports = 'hello from a layer';",
      "nodejs/node24/node_modules/release/index.js": "module.exports = 'only for Node 24';",
    });
    await publishLayer(tools, { "bin/tool": { content: "#!/bin/sh\necho a tool", mode: 0o755 } });
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
      await publishLayer(layer, { "python/which.py": `which = "${layer}"`, [`only/${layer}`]: "" });
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
    await publishLayer(layer, { "nodejs/node_modules/kept/index.js": "module.exports = 'kept';" });
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
    await publishLayer(layer, { zeros: Buffer.alloc(262_143_000) });
    const name = await createFunction({ files: { ...text, "more.bin": randomBytes(2000) } });
    expect((await refusal(configure(name, [layerArn(layer, 1)]))).message).toMatch(
      /^Function code combined with layers exceeds the maximum allowed size of 262144000 bytes\. The actual size is 2621450\d\d bytes\.$/,
    );
  });
});
