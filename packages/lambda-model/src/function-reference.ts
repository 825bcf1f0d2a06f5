/**
 * What callers may write for a function: `name`, `name:qualifier`, `account:function:name[:qualifier]`
 * or a whole ARN. Read by its colons and not with AWS's one regular expression, under which
 * `us-east-1:live` could be a region and a name.
 *
 * Source: FunctionName and NamespacedFunctionName of the Lambda service model; error texts
 * ../shared/spec/lambda-spec.md §1.1 and §1.7.
 */
import { PaddockError } from "@paddock/contracts";
import { functionArn, type Scope } from "./arn.ts";
import { constraintTexts, validationError } from "./constraints.ts";
import { modelLimits } from "./limits.ts";

const REGION = "[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}";
const arnPrefix = `(arn:(aws[a-zA-Z-]*)?:lambda:)?(${REGION}:)?(\\d{12}:)?(function:)?`;
const PLAIN_PATTERN = `${arnPrefix}([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`;
const NAMESPACED_PATTERN = `${arnPrefix}([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?`;
const QUALIFIER_PATTERN = "\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+";

const partitionPattern = /^aws[a-zA-Z-]*$/;
const regionPattern = new RegExp(`^${REGION}$`);
const accountPattern = /^\d{12}$/;
const namePattern = /^[a-zA-Z0-9-_.]+$/;
const embeddedQualifierPattern = /^(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+)$/;
const qualifierPattern = /^(\$LATEST\.PUBLISHED|[a-zA-Z0-9-_$]+)$/;

export interface FunctionReference {
  readonly functionName: string;
  /** Absent where the caller gave none. `$LATEST`, a version's number or an alias. */
  readonly qualifier?: string;
}

export interface ReferenceOptions {
  /** `plain` for operations whose FunctionName may have 140 characters; default `namespaced`. */
  readonly form?: "namespaced" | "plain";
  /** Who asks for what, for the text about another account, such as `lambda:InvokeFunction`. */
  readonly principalArn?: string;
  readonly action?: string;
}

interface Parts {
  readonly region?: string;
  readonly accountId?: string;
  readonly name: string;
  readonly qualifier: string | undefined;
}

/**
 * Reads a reference and the `Qualifier` beside it.
 *
 * @throws PaddockError ValidationException (grammar, length), InvalidParameterValueException (two
 * qualifiers that differ), ResourceNotFoundException (other region), AccessDeniedException (other account).
 */
export function parseFunctionReference(
  reference: string,
  scope: Scope,
  qualifier?: string,
  options: ReferenceOptions = {},
): FunctionReference {
  const parts = splitReference(reference);
  if (parts === undefined || !isWellFormed(parts, options)) throw malformed(reference, options);
  checkLengths(reference, parts, options);
  // An empty query parameter counts as none.
  const asked = qualifier === "" ? undefined : qualifier;
  checkQualifier(asked);
  if (parts.qualifier !== undefined && asked !== undefined && parts.qualifier !== asked) {
    throw new PaddockError(
      "InvalidParameterValueException",
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  }
  checkScope(parts, scope, options);
  const found = parts.qualifier ?? asked;
  if (parts.name.includes(".")) throw functionNotFound(scope, parts.name, found);
  return { functionName: parts.name, ...(found === undefined ? {} : { qualifier: found }) };
}

/** `Function not found: <arn>`, qualified where the caller asked for a qualifier. */
export function functionNotFound(
  scope: Scope,
  functionName: string,
  qualifier?: string,
): PaddockError {
  const arn = functionArn(scope, functionName, qualifier);
  return new PaddockError("ResourceNotFoundException", `Function not found: ${arn}`);
}

function splitReference(reference: string): Parts | undefined {
  const segments = reference.split(":");
  const [first = "", second = ""] = segments;
  if (first === "arn") return splitArn(segments);
  if (segments.length <= 2) {
    return { name: first, qualifier: segments.length === 2 ? second : undefined };
  }
  if (segments.length > 4 || second !== "function" || !accountPattern.test(first)) return undefined;
  return { accountId: first, name: segments[2] ?? "", qualifier: segments[3] };
}

function splitArn(segments: readonly string[]): Parts | undefined {
  const [, partition = "", service, region = "", accountId = "", kind, name = "", qualifier] =
    segments;
  const isFunctionArn =
    (segments.length === 7 || segments.length === 8) &&
    partitionPattern.test(partition) &&
    service === "lambda" &&
    kind === "function" &&
    regionPattern.test(region) &&
    accountPattern.test(accountId);
  return isFunctionArn ? { region, accountId, name, qualifier } : undefined;
}

function isWellFormed({ name, qualifier }: Parts, { form }: ReferenceOptions): boolean {
  if (!namePattern.test(name) || (form === "plain" && name.includes("."))) return false;
  return qualifier === undefined || embeddedQualifierPattern.test(qualifier);
}

function malformed(reference: string, { form }: ReferenceOptions): PaddockError {
  const pattern = form === "plain" ? PLAIN_PATTERN : NAMESPACED_PATTERN;
  const constraint = constraintTexts.pattern(pattern);
  return validationError([{ value: reference, member: "functionName", constraint }]);
}

function checkLengths(reference: string, parts: Parts, { form }: ReferenceOptions): void {
  const wholeChars =
    form === "plain" ? modelLimits.referenceChars : modelLimits.namespacedReferenceChars;
  const limitChars =
    reference.length > wholeChars
      ? wholeChars
      : parts.name.length > modelLimits.functionNameChars
        ? modelLimits.functionNameChars
        : undefined;
  if (limitChars === undefined) return;
  const constraint = constraintTexts.maxLength(limitChars);
  throw validationError([{ value: reference, member: "functionName", constraint }]);
}

function checkQualifier(qualifier: string | undefined): void {
  if (qualifier === undefined) return;
  const constraint = !qualifierPattern.test(qualifier)
    ? constraintTexts.pattern(QUALIFIER_PATTERN)
    : qualifier.length > modelLimits.qualifierChars
      ? constraintTexts.maxLength(modelLimits.qualifierChars)
      : undefined;
  if (constraint === undefined) return;
  throw validationError([{ value: qualifier, member: "qualifier", constraint }]);
}

function checkScope(parts: Parts, scope: Scope, options: ReferenceOptions): void {
  if (parts.region !== undefined && parts.region !== scope.region) {
    throw new PaddockError(
      "ResourceNotFoundException",
      `Functions from '${parts.region}' are not reachable in this region ('${scope.region}')`,
    );
  }
  if (parts.accountId === undefined || parts.accountId === scope.accountId) return;
  const region = parts.region ?? scope.region;
  const arn = functionArn({ region, accountId: parts.accountId }, parts.name, parts.qualifier);
  const { principalArn = "anonymous", action = "lambda:*" } = options;
  throw new PaddockError(
    "AccessDeniedException",
    `User: ${principalArn} is not authorized to perform: ${action} on resource: ${arn} ` +
      `because no resource-based policy allows the ${action} action`,
  );
}
