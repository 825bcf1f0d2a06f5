import type { Scope } from "./arn.ts";

/** `arn:aws:lambda:<region>:<account>:layer:<name>[:<version>]` */
export function layerArn(scope: Scope, layerName: string, versionNumber?: number): string {
  const arn = `arn:aws:lambda:${scope.region}:${scope.accountId}:layer:${layerName}`;
  return versionNumber === undefined ? arn : `${arn}:${versionNumber}`;
}

export interface LayerReference {
  /** Absent where the reference is a bare name. */
  readonly scope?: Scope;
  readonly layerName: string;
  readonly versionNumber?: number;
}

const PATTERN =
  /^arn:[a-zA-Z0-9-]+:lambda:([a-zA-Z0-9-]+):(\d{12}):layer:([a-zA-Z0-9-_]+)(?::(\d{1,15}))?$/;

/** A layer's name, its ARN, or the ARN of one of its versions; undefined for anything else. */
export function parseLayerReference(text: string): LayerReference | undefined {
  if (/^[a-zA-Z0-9-_]+$/.test(text)) return { layerName: text };
  const [, region, accountId, layerName, version] = PATTERN.exec(text) ?? [];
  if (region === undefined || accountId === undefined || layerName === undefined) return undefined;
  const scope = { region, accountId };
  return { scope, layerName, ...(version === undefined ? {} : { versionNumber: Number(version) }) };
}
