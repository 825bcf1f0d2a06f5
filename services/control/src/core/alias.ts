import type {
  AwsAliasConfiguration,
  CreateAliasRequest,
  UpdateAliasRequest,
} from "@paddock/contracts/aws";
import { functionArn, type Scope } from "@paddock/lambda-model";
import { invalid } from "./configuration.ts";
import { type FunctionAlias, type FunctionVersion, LATEST } from "./model.ts";
import type { Stamp } from "./transitions.ts";

/** Aliases: what requests make of them, and what they may point to. Texts: ../shared/spec/lambda-spec.md §1.7. */

export function newAlias(
  functionName: string,
  request: CreateAliasRequest,
  stamp: Stamp,
): FunctionAlias {
  return checked({
    functionName,
    name: request.Name,
    version: request.FunctionVersion,
    additionalVersionWeights: request.RoutingConfig?.AdditionalVersionWeights ?? {},
    description: request.Description ?? "",
    revisionId: stamp.newId(),
  });
}

/** Members that the request leaves out stay; an empty RoutingConfig ends the split of traffic. */
export function changedAlias(
  alias: FunctionAlias,
  request: UpdateAliasRequest,
  stamp: Stamp,
): FunctionAlias {
  const { RoutingConfig: routing } = request;
  return checked({
    ...alias,
    version: request.FunctionVersion ?? alias.version,
    description: request.Description ?? alias.description,
    additionalVersionWeights:
      routing === undefined
        ? alias.additionalVersionWeights
        : (routing.AdditionalVersionWeights ?? {}),
    // AWS gives a new one even where nothing changes.
    revisionId: stamp.newId(),
  });
}

/** The version that gets a share of the traffic, or undefined. */
export function additionalVersionOf(alias: FunctionAlias): string | undefined {
  return Object.keys(alias.additionalVersionWeights)[0];
}

export function isAliasOf(alias: FunctionAlias, version: string): boolean {
  return alias.version === version || version in alias.additionalVersionWeights;
}

/** @throws PaddockError InvalidParameterValueException */
export function checkSameRole(first: FunctionVersion, second: FunctionVersion): void {
  const [one, other] = [first.configuration, second.configuration];
  if (one.roleArn === other.roleArn && one.deadLetterTargetArn === other.deadLetterTargetArn)
    return;
  throw invalid(
    "The versions that an alias points to must have the same execution role and the same dead-letter queue.",
  );
}

export function toAwsAlias(alias: FunctionAlias, scope: Scope): AwsAliasConfiguration {
  const weights = alias.additionalVersionWeights;
  return {
    AliasArn: functionArn(scope, alias.functionName, alias.name),
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    ...(Object.keys(weights).length === 0
      ? {}
      : { RoutingConfig: { AdditionalVersionWeights: weights } }),
    RevisionId: alias.revisionId,
  };
}

function checked(alias: FunctionAlias): FunctionAlias {
  const additional = Object.keys(alias.additionalVersionWeights);
  if (additional.length > 1) {
    throw invalid("Number of items in AdditionalVersionWeights cannot be greater than 1");
  }
  if (additional.length === 0) return alias;
  if (additional.includes(alias.version)) {
    throw invalid(
      `Invalid function version ${alias.version}. Function version ${alias.version} is already included in routing configuration.`,
    );
  }
  if (alias.version === LATEST) {
    throw invalid("$LATEST is not supported for an alias pointing to more than 1 version");
  }
  return alias;
}
