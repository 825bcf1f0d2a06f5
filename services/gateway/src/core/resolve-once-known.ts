import { PaddockError } from "@paddock/contracts";
import { parseFunctionReference } from "@paddock/lambda-model";
import type { InvokeTarget } from "./invoke-target.ts";
import {
  type KnownFunctions,
  type Resolution,
  type ResolvedFunction,
  resolveFunction,
} from "./resolve-function.ts";

/** Known functions, and a way to ask for one that may be about to become known. */
export interface ArrivingFunctions extends KnownFunctions {
  /** True once the function is known; false when there is none. Costs a request. */
  arrived(functionName: string): Promise<boolean>;
}

/**
 * Like `resolveFunction`, but gives a function that was made a moment ago the time to arrive: who
 * has seen it Active may invoke it. What is known costs nothing more.
 */
export async function resolveOnceKnown(
  target: InvokeTarget,
  resolution: Resolution & { readonly functions: ArrivingFunctions },
): Promise<ResolvedFunction> {
  try {
    return resolveFunction(target, resolution);
  } catch (error) {
    if (!(error instanceof PaddockError) || error.code !== "ResourceNotFoundException") throw error;
    const { reference, qualifier } = target;
    const { functionName } = parseFunctionReference(reference, resolution.scope, qualifier);
    const { functions } = resolution;
    if (functions.getFunction(functionName) !== undefined) throw error;
    if (!(await functions.arrived(functionName))) throw error;
    return resolveFunction(target, resolution);
  }
}
