import type { FunctionRecord, FunctionSetting, UrlRecord, VersionRecord } from "@paddock/contracts";
import { functionArn, type Scope } from "@paddock/lambda-model";
import { toAsyncConfig } from "./event-invoke.ts";
import { readPolicyDocument } from "./function-policy.ts";
import { toUrlRecord } from "./function-url.ts";
import type { FunctionVersion, WholeFunction } from "./model.ts";

/** What the data plane gets to know of a function. */
export interface ReadModelEntry {
  readonly record: FunctionRecord;
  readonly versions: readonly VersionRecord[];
}

function urlsOf(settings: readonly FunctionSetting[], scope: Scope): UrlRecord[] {
  return settings.flatMap((setting) => {
    if (setting.kind !== "url") return [];
    const policy = settings.find(
      (each) => each.kind === "policy" && each.qualifier === setting.qualifier,
    );
    const document = policy?.kind === "policy" ? policy.document.text : undefined;
    const parsed = document === undefined ? undefined : readPolicyDocument(document);
    return [toUrlRecord(setting, parsed, scope)];
  });
}

export function toReadModel(
  { row, versions, aliases, settings }: WholeFunction,
  scope: Scope,
): ReadModelEntry {
  const urls = urlsOf(settings, scope);
  return {
    record: {
      functionName: row.functionName,
      functionId: row.functionId,
      functionArn: functionArn(scope, row.functionName),
      aliases: Object.fromEntries(
        aliases.map(({ name, version, additionalVersionWeights }) => [
          name,
          { version, additionalVersionWeights },
        ]),
      ),
      ...(row.reservedConcurrency === null ? {} : { reservedConcurrency: row.reservedConcurrency }),
      asyncConfigs: Object.fromEntries(
        settings.flatMap((setting) =>
          setting.kind === "event-invoke"
            ? [[setting.qualifier, toAsyncConfig(setting.document)]]
            : [],
        ),
      ),
      ...(urls.length === 0 ? {} : { urls }),
    },
    versions: versions.map((version) => toVersionRecord(version, scope)),
  };
}

function toVersionRecord(version: FunctionVersion, scope: Scope): VersionRecord {
  const { description: _description, tracingMode: _tracingMode, ...rest } = version.configuration;
  return {
    ...rest,
    functionName: version.functionName,
    version: version.version,
    configId: version.configId,
    functionArn: functionArn(scope, version.functionName),
    // Once this is written the function can run: Pending is over for the data plane.
    state: version.state === "Pending" ? "Active" : version.state,
    codeSha256: version.codeSha256,
    codeSizeBytes: version.codeSizeBytes,
    layers: version.configuration.layers.map(({ sha256 }) => sha256),
    environmentVariables: version.configuration.environmentVariables ?? {},
  };
}
