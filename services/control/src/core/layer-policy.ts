import { type LayerPolicy, PaddockError } from "@paddock/contracts";
import type { AddLayerVersionPermissionRequest } from "@paddock/contracts/aws";
import { noStatement, policyText, type Statement, statementExists } from "./policy-document.ts";
import type { Stamp } from "./transitions.ts";

/** Who may use a layer's version. Each change gives the policy a new revision. */

export function addedPermission(
  policy: LayerPolicy | null,
  request: AddLayerVersionPermissionRequest,
  stamp: Stamp,
): LayerPolicy {
  const statements = policy?.statements ?? [];
  if (statements.some(({ sid }) => sid === request.StatementId)) {
    throw statementExists(request.StatementId);
  }
  checkPolicyRevision(policy, request.RevisionId);
  const { OrganizationId: organizationId } = request;
  const added = {
    sid: request.StatementId,
    action: request.Action,
    principal: request.Principal,
    ...(organizationId === undefined ? {} : { organizationId }),
  };
  return { revisionId: stamp.newId(), statements: [...statements, added] };
}

export function removedPermission(
  policy: LayerPolicy | null,
  removal: { readonly sid: string; readonly revisionId: string | undefined },
  stamp: Stamp,
): LayerPolicy {
  checkPolicyRevision(policy, removal.revisionId);
  const statements = policy?.statements ?? [];
  if (!statements.some(({ sid }) => sid === removal.sid)) throw noStatement(removal.sid);
  return {
    revisionId: stamp.newId(),
    statements: statements.filter(({ sid }) => sid !== removal.sid),
  };
}

export function layerPolicyText(policy: LayerPolicy, layerVersionArn: string): string {
  const statements = policy.statements.map((each) => layerStatement(each, layerVersionArn));
  return policyText({ Version: "2012-10-17", Id: "default", Statement: statements });
}

export function layerStatement(
  statement: LayerPolicy["statements"][number],
  layerVersionArn: string,
): Statement {
  const { sid, action, principal, organizationId } = statement;
  return {
    Sid: sid,
    Effect: "Allow",
    Principal: principalOf(principal),
    Action: action,
    Resource: layerVersionArn,
    ...(organizationId === undefined
      ? {}
      : { Condition: { StringEquals: { "aws:PrincipalOrgID": organizationId } } }),
  };
}

/** An account stands for its root. */
function principalOf(principal: string): Statement["Principal"] {
  if (principal === "*") return principal;
  return { AWS: /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal };
}

function checkPolicyRevision(policy: LayerPolicy | null, expected: string | undefined): void {
  if (expected === undefined || expected === policy?.revisionId) return;
  throw new PaddockError(
    "PreconditionFailedException",
    "The Revision Id provided does not match the latest Revision Id. Call the GetLayerPolicy API to retrieve the latest Revision Id",
  );
}
