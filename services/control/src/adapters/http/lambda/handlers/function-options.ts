import {
  getCodeSigning,
  getRecursionConfig,
  getRuntimeManagement,
  putRecursionConfig,
  putRuntimeManagement,
} from "../../../../operations/function-options.ts";
import type { Handlers } from "../call.ts";

export const functionOptionHandlers = {
  GetFunctionCodeSigningConfig: (context, call) => getCodeSigning(context, call.functionName()),
  GetFunctionRecursionConfig: (context, call) => getRecursionConfig(context, call.functionName()),
  GetRuntimeManagementConfig: (context, call) => getRuntimeManagement(context, call.reference()),
  PutFunctionRecursionConfig: (context, call) =>
    putRecursionConfig(context, call.functionName(), call.input.RecursiveLoop),
  PutRuntimeManagementConfig: (context, call) =>
    putRuntimeManagement(context, call.reference(), call.input.UpdateRuntimeOn),
} satisfies Partial<Handlers>;
