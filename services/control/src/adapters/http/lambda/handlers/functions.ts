import { createFunction } from "../../../../operations/create-function.ts";
import { deleteFunction } from "../../../../operations/delete-function.ts";
import { publishVersion } from "../../../../operations/publish-version.ts";
import {
  getFunction,
  getFunctionConfiguration,
  listFunctions,
  listVersionsByFunction,
} from "../../../../operations/read-functions.ts";
import {
  updateFunctionCode,
  updateFunctionConfiguration,
} from "../../../../operations/update-function.ts";
import type { Handlers } from "../call.ts";

export const functionHandlers = {
  CreateFunction: (context, call) =>
    createFunction(context, call.functionName(call.input.FunctionName), call.input),
  DeleteFunction: (context, call) => deleteFunction(context, call.reference()),
  GetFunction: (context, call) => getFunction(context, call.reference()),
  GetFunctionConfiguration: (context, call) => getFunctionConfiguration(context, call.reference()),
  ListFunctions: (context, call) => listFunctions(context, call.input),
  ListVersionsByFunction: (context, call) =>
    listVersionsByFunction(context, call.functionName(), call.input),
  PublishVersion: (context, call) => publishVersion(context, call.functionName(), call.input),
  UpdateFunctionCode: (context, call) =>
    updateFunctionCode(context, call.functionName(), call.input),
  UpdateFunctionConfiguration: (context, call) =>
    updateFunctionConfiguration(context, call.functionName(), call.input),
} satisfies Partial<Handlers>;
