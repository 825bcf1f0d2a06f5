import type { AnswerOf, ControlOperations, InputOf, OperationShape } from "@paddock/contracts/aws";
import { parseFunctionReference } from "@paddock/lambda-model";
import type { FastifyRequest } from "fastify";
import type { OperationContext, Reference } from "../../../operations/context.ts";
import { bodyOf } from "../authenticate.ts";
import { readInput } from "./read-input.ts";

/** One request for an operation, signed well and read. */
export interface Call<Input> {
  readonly principalArn: string;
  readonly input: Input;
  /** The function that the path names, with the `Qualifier` beside it. */
  reference(form?: "plain" | "namespaced"): Reference;
  /** What an ARN names that is not the path's function. */
  referenceOf(arn: string): Reference;
  /** The function that the path or the document names, without a version. */
  functionName(text?: string): string;
}

/** How control carries out each operation. */
export type Handlers = {
  readonly [Name in keyof ControlOperations]: (
    context: OperationContext,
    call: Call<InputOf<ControlOperations[Name]>>,
  ) => Promise<AnswerOf<ControlOperations[Name]>>;
};

export function readCall(
  shape: OperationShape,
  request: FastifyRequest,
  caller: { readonly scope: OperationContext["scope"]; readonly principalArn: string },
): Call<unknown> {
  const { scope, principalArn } = caller;
  const labels = firstValues(request.params);
  const query = allValues(request.query);
  const named = labels["FunctionName"] ?? "";
  const asked = { principalArn, action: `lambda:${shape.name}` };
  return {
    principalArn,
    input: readInput(shape, { labels, query, body: bodyOf(request) }),
    reference: (form = "namespaced") =>
      parseFunctionReference(named, scope, query["Qualifier"]?.[0], { form, ...asked }),
    referenceOf: (arn) => parseFunctionReference(arn, scope, undefined, asked),
    functionName: (text = named) =>
      parseFunctionReference(text, scope, undefined, { form: "plain", ...asked }).functionName,
  };
}

/** Of each parameter the first value. */
export function firstValues(parsed: unknown): Record<string, string> {
  const entries = Object.entries(allValues(parsed)).map(([name, [first = ""]]) => [name, first]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** Fastify types what its parsers give as unknown: texts, or lists of texts where repeated. */
function allValues(parsed: unknown): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  if (typeof parsed !== "object" || parsed === null) return values;
  for (const [name, value] of Object.entries(parsed)) {
    const list: unknown[] = Array.isArray(value) ? value : [value];
    const texts = list.filter((each) => typeof each === "string");
    if (texts.length > 0) values[name] = texts;
  }
  return values;
}
