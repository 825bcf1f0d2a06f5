import type { AddPermissionRequest } from "@paddock/contracts/aws";
import { invalid } from "./configuration.ts";
import { noPolicy, noStatement, type Statement, statementExists } from "./policy-document.ts";

/** A function's resource policy. Source: ../shared/spec/lambda-spec.md §13.1. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/** @throws PaddockError InvalidParameterValueException for what cannot be permitted */
export function newStatement(request: AddPermissionRequest, resourceArn: string): Statement {
  const { Action: action, FunctionUrlAuthType: authType } = request;
  if (authType !== undefined && action !== "lambda:InvokeFunctionUrl") {
    throw invalid("FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action");
  }
  const condition = conditionOf(request);
  return {
    Sid: request.StatementId,
    Effect: "Allow",
    Principal: principalOf(request.Principal),
    Action: action,
    Resource: resourceArn,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

function principalOf(principal: string): Statement["Principal"] {
  if (principal === "*") return principal;
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (/^arn:aws[a-zA-Z-]*:(iam|sts)::\d{12}:\S+$/.test(principal)) return { AWS: principal };
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(principal)) return { Service: principal };
  throw invalid("The provided principal was invalid. Please check the principal and try again.");
}

function conditionOf(request: AddPermissionRequest) {
  const stringEquals = {
    ...only("lambda:FunctionUrlAuthType", request.FunctionUrlAuthType),
    ...only("aws:PrincipalOrgID", request.PrincipalOrgID),
    ...only("AWS:SourceAccount", request.SourceAccount),
    ...only("lambda:EventSourceToken", request.EventSourceToken),
  };
  const arnLike = only("AWS:SourceArn", request.SourceArn);
  const via = request.InvokedViaFunctionUrl;
  const bool = only("lambda:InvokedViaFunctionUrl", via === undefined ? undefined : String(via));
  return {
    ...(Object.keys(stringEquals).length === 0 ? {} : { StringEquals: stringEquals }),
    ...(Object.keys(bool).length === 0 ? {} : { Bool: bool }),
    ...(Object.keys(arnLike).length === 0 ? {} : { ArnLike: arnLike }),
  };
}

function only(key: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [key]: value };
}

export function statementsOf(policy: PolicyDocument | undefined): readonly unknown[] {
  const statements = policy?.["Statement"];
  if (statements === undefined) return [];
  return Array.isArray(statements) ? statements : [statements];
}

/** @throws PaddockError ResourceConflictException */
export function withStatement(
  policy: PolicyDocument | undefined,
  statement: Statement,
): PolicyDocument {
  const statements = statementsOf(policy);
  if (statements.some((each) => sidOf(each) === statement.Sid))
    throw statementExists(statement.Sid);
  return {
    Version: "2012-10-17",
    Id: "default",
    ...policy,
    Statement: [...statements, statement],
  };
}

/** Undefined: no statement is left, so that there is no policy any more. */
export function withoutStatement(
  policy: PolicyDocument | undefined,
  sid: string,
): PolicyDocument | undefined {
  if (policy === undefined) throw noPolicy();
  const statements = statementsOf(policy);
  const left = statements.filter((each) => sidOf(each) !== sid);
  if (left.length === statements.length) throw noStatement(sid);
  return left.length === 0 ? undefined : { ...policy, Statement: left };
}

function sidOf(statement: unknown): unknown {
  return typeof statement === "object" && statement !== null && "Sid" in statement
    ? statement.Sid
    : undefined;
}

/** A whole document as the caller wrote it. @throws PaddockError InvalidParameterValueException */
export function readPolicyDocument(text: string): PolicyDocument {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw invalid("The policy is not a valid JSON document.");
  }
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw invalid("The policy is not a valid JSON document.");
  }
  const policy: PolicyDocument = { ...document };
  const statements = statementsOf(policy);
  if (statements.length === 0 || !statements.every(isStatement)) {
    throw invalid("The policy has to have statements, each with Effect, Principal and Action.");
  }
  return policy;
}

function isStatement(statement: unknown): boolean {
  if (typeof statement !== "object" || statement === null) return false;
  const has = (name: string): boolean => Object.hasOwn(statement, name);
  const effect: unknown = "Effect" in statement ? statement.Effect : undefined;
  return (
    (effect === "Allow" || effect === "Deny") &&
    (has("Principal") || has("NotPrincipal")) &&
    (has("Action") || has("NotAction"))
  );
}
