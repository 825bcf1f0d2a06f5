import { PaddockError } from "@paddock/contracts";

/** Policy documents of functions and layers. Source: ../shared/spec/lambda-spec.md §13.1. */

export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: string | Readonly<Record<string, string>>;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const POLICY_CHARS = 20_480;

/** @throws PaddockError PolicyLengthExceededException */
export function policyText(document: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(document);
  if (text.length <= POLICY_CHARS) return text;
  throw new PaddockError(
    "PolicyLengthExceededException",
    `The final policy size (${text.length}) is bigger than the limit (${POLICY_CHARS}).`,
  );
}

export function statementExists(sid: string): PaddockError {
  return new PaddockError(
    "ResourceConflictException",
    `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
  );
}

export function noPolicy(): PaddockError {
  return new PaddockError(
    "ResourceNotFoundException",
    "No policy is associated with the given resource.",
  );
}

export function noStatement(sid: string): PaddockError {
  return new PaddockError(
    "ResourceNotFoundException",
    `Statement ${sid} is not found in resource policy.`,
  );
}
