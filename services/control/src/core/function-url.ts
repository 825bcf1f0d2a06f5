import {
  type CorsRules,
  type FunctionSetting,
  type SettingDocument,
  type UrlRecord,
} from "@paddock/contracts";
import type {
  AwsCreatedFunctionUrl,
  AwsFunctionUrlConfig,
  CreateFunctionUrlConfigRequest,
  UpdateFunctionUrlConfigRequest,
} from "@paddock/contracts/aws";
import { functionArn, type Scope } from "@paddock/lambda-model";
import type { PolicyDocument } from "./function-policy.ts";
import { LATEST } from "./model.ts";
import { awsTime } from "./to-aws.ts";
import { isOpenToAll } from "./url-access.ts";

/** Function URLs: what is kept of them, and what AWS tells of them. Source: ../shared/spec/lambda-spec.md §7.1. */
type Document = SettingDocument<"url">;
type UrlSetting = FunctionSetting<"url">;
type AwsCors = NonNullable<CreateFunctionUrlConfigRequest["Cors"]>;

export function newUrl(
  request: CreateFunctionUrlConfigRequest,
  made: { readonly urlId: string; readonly nowMs: number },
): Document {
  const { urlId, nowMs } = made;
  const document = { urlId, authType: request.AuthType, createdAtMs: nowMs, lastModifiedMs: nowMs };
  return changedUrl(document, request, nowMs);
}

/** Members that the request leaves out stay; Cors is replaced as a whole. */
export function changedUrl(
  document: Document,
  request: UpdateFunctionUrlConfigRequest,
  nowMs: number,
): Document {
  const { AuthType: authType, Cors: cors, InvokeMode: invokeMode } = request;
  return {
    ...document,
    ...(authType === undefined ? {} : { authType }),
    ...(cors === undefined ? {} : { cors: toCorsRules(cors) }),
    ...(invokeMode === undefined ? {} : { invokeMode }),
    lastModifiedMs: nowMs,
  };
}

/** Where URLs of this installation are. */
export interface UrlPlace {
  readonly scope: Scope;
  /** `http:` or `https:`. */
  readonly protocol: string;
  /** With the port where it is not the protocol's own. */
  readonly domain: string;
}

export function toAwsCreatedUrl(setting: UrlSetting, place: UrlPlace): AwsCreatedFunctionUrl {
  const { LastModifiedTime: _time, InvokeMode: _mode, ...rest } = toAwsUrlConfig(setting, place);
  const { invokeMode } = setting.document;
  return { ...rest, ...(invokeMode === undefined ? {} : { InvokeMode: invokeMode }) };
}

export function toAwsUrlConfig(setting: UrlSetting, place: UrlPlace): AwsFunctionUrlConfig {
  const { functionName, document } = setting;
  const { protocol, domain, scope } = place;
  return {
    FunctionUrl: `${protocol}//${document.urlId}.lambda-url.${scope.region}.${domain}/`,
    FunctionArn: functionArn(scope, functionName, aliasOf(setting)),
    AuthType: document.authType,
    ...(document.cors === undefined ? {} : { Cors: toAwsCors(document.cors) }),
    CreationTime: awsTime(document.createdAtMs),
    LastModifiedTime: awsTime(document.lastModifiedMs),
    InvokeMode: document.invokeMode ?? "BUFFERED",
  };
}

/** `policy`: of the same qualifier. */
export function toUrlRecord(
  setting: UrlSetting,
  policy: PolicyDocument | undefined,
  scope: Scope,
): UrlRecord {
  const { document, functionName } = setting;
  const qualifier = aliasOf(setting);
  return {
    urlId: document.urlId,
    ...(qualifier === undefined ? {} : { qualifier }),
    authType: document.authType,
    isPublic: isOpenToAll(policy, functionArn(scope, functionName, qualifier)),
    ...(document.cors === undefined ? {} : { cors: document.cors }),
    invokeMode: document.invokeMode ?? "BUFFERED",
  };
}

function aliasOf({ qualifier }: UrlSetting): string | undefined {
  return qualifier === LATEST ? undefined : qualifier;
}

function toCorsRules(cors: AwsCors): CorsRules {
  return {
    ...(cors.AllowCredentials === undefined ? {} : { allowCredentials: cors.AllowCredentials }),
    ...(cors.AllowHeaders === undefined ? {} : { allowHeaders: cors.AllowHeaders }),
    ...(cors.AllowMethods === undefined ? {} : { allowMethods: cors.AllowMethods }),
    ...(cors.AllowOrigins === undefined ? {} : { allowOrigins: cors.AllowOrigins }),
    ...(cors.ExposeHeaders === undefined ? {} : { exposeHeaders: cors.ExposeHeaders }),
    ...(cors.MaxAge === undefined ? {} : { maxAgeSeconds: cors.MaxAge }),
  };
}

function toAwsCors(rules: CorsRules): NonNullable<AwsFunctionUrlConfig["Cors"]> {
  return {
    ...(rules.allowCredentials === undefined ? {} : { AllowCredentials: rules.allowCredentials }),
    ...(rules.allowHeaders === undefined ? {} : { AllowHeaders: rules.allowHeaders }),
    ...(rules.allowMethods === undefined ? {} : { AllowMethods: rules.allowMethods }),
    ...(rules.allowOrigins === undefined ? {} : { AllowOrigins: rules.allowOrigins }),
    ...(rules.exposeHeaders === undefined ? {} : { ExposeHeaders: rules.exposeHeaders }),
    ...(rules.maxAgeSeconds === undefined ? {} : { MaxAge: rules.maxAgeSeconds }),
  };
}
