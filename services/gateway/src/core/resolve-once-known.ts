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
  /** True once it is known, with the version or alias; false when there is none. Costs a request. */
  arrived(functionName: string, qualifier?: string): Promise<boolean>;
}

/**
 * Like `resolveFunction`, but gives a function, a version or an alias that was made a moment ago the
 * time to arrive: who has seen it may invoke it. What is known costs nothing more.
 */
export async function resolveOnceKnown(
  target: InvokeTarget,
  resolution: Resolution & { readonly functions: ArrivingFunctions },
): Promise<ResolvedFunction> {
  try {
    return resolveFunction(target, resolution);
  } catch (error) {
    if (!(error instanceof PaddockError) || error.code !== "ResourceNotFoundException") throw error;
    const { functions, scope } = resolution;
    const asked = parseFunctionReference(target.reference, scope, target.qualifier);
    if (!(await functions.arrived(asked.functionName, asked.qualifier))) throw error;
    return resolveFunction(target, resolution);
  }
}
