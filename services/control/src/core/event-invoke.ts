import {
  type AsyncConfig,
  type FunctionSetting,
  limits,
  type SettingDocument,
} from "@paddock/contracts";
import type { AwsEventInvokeConfig, EventInvokeConfigRequest } from "@paddock/contracts/aws";
import { functionArn, type Scope } from "@paddock/lambda-model";
import { invalid } from "./configuration.ts";

/** Event-invoke configurations. Texts: ../shared/spec/lambda-spec.md §1.7 and §5.4. */
type Document = SettingDocument<"event-invoke">;

/**
 * What a request makes of what was set; nothing was: `{}`. An Update keeps what it leaves out.
 *
 * @throws PaddockError InvalidParameterValueException
 */
export function changedEventInvoke(
  current: Partial<Document>,
  request: EventInvokeConfigRequest,
  own: { readonly functionArn: string; readonly nowMs: number },
): Document {
  const { MaximumRetryAttempts: attempts, MaximumEventAgeInSeconds: ageSeconds } = request;
  const { DestinationConfig: destinations } = request;
  if (attempts === undefined && ageSeconds === undefined && destinations === undefined) {
    throw invalid("You must specify at least one of error handling or destination setting.");
  }
  for (const asked of [destinations?.OnSuccess, destinations?.OnFailure]) {
    refuseDestination(asked?.Destination ?? "", own.functionArn);
  }
  return {
    ...current,
    ...(attempts === undefined ? {} : { maximumRetryAttempts: attempts }),
    ...(ageSeconds === undefined ? {} : { maximumEventAgeSeconds: ageSeconds }),
    lastModifiedMs: own.nowMs,
  };
}

/** A destination that was taken and never sent anything would lose results without a word. */
function refuseDestination(destination: string, ownArn: string): void {
  if (destination === "") return;
  if (destination === ownArn || destination.startsWith(`${ownArn}:`)) {
    throw invalid("You can't specify the function as a destination for itself.");
  }
  throw invalid(
    `The destination ARN ${destination} is invalid. This version of Paddock delivers to no destinations yet.`,
  );
}

export function toAwsEventInvoke(
  { functionName, qualifier, document }: FunctionSetting<"event-invoke">,
  scope: Scope,
): AwsEventInvokeConfig {
  const { maximumRetryAttempts, maximumEventAgeSeconds, lastModifiedMs } = document;
  return {
    LastModified: lastModifiedMs / 1000,
    FunctionArn: functionArn(scope, functionName, qualifier),
    ...(maximumRetryAttempts === undefined ? {} : { MaximumRetryAttempts: maximumRetryAttempts }),
    ...(maximumEventAgeSeconds === undefined
      ? {}
      : { MaximumEventAgeInSeconds: maximumEventAgeSeconds }),
    DestinationConfig: { OnSuccess: {}, OnFailure: {} },
  };
}

/** What the router goes by: with Lambda's defaults for what is not set. */
export function toAsyncConfig(document: Document): AsyncConfig {
  return {
    maximumRetryAttempts: document.maximumRetryAttempts ?? limits.asyncRetryAttemptsDefault,
    maximumEventAgeSeconds: document.maximumEventAgeSeconds ?? limits.asyncEventAgeSecondsDefault,
  };
}
