/** Layers of the Paddock that all conformance tests share. */
import {
  PublishLayerVersionCommand,
  type PublishLayerVersionCommandInput,
  type PublishLayerVersionCommandOutput,
} from "@aws-sdk/client-lambda";
import { buildZip, type ZipEntry } from "@paddock/testkit";
import { lambda } from "./functions.ts";

export function layerArn(name: string, version?: number): string {
  const arn = `arn:aws:lambda:us-east-1:000000000000:layer:${name}`;
  return version === undefined ? arn : `${arn}:${version}`;
}

export async function publishLayer(
  LayerName: string,
  files: Readonly<Record<string, ZipEntry>>,
  input: Partial<PublishLayerVersionCommandInput> = {},
): Promise<PublishLayerVersionCommandOutput> {
  const Content = { ZipFile: await buildZip(files) };
  return lambda.send(new PublishLayerVersionCommand({ LayerName, Content, ...input }));
}
