import { createAlias, deleteAlias, updateAlias } from "../../../operations/aliases.ts";
import { createFunction } from "../../../operations/create-function.ts";
import { deleteFunction } from "../../../operations/delete-function.ts";
import { publishVersion } from "../../../operations/publish-version.ts";
import { getAlias, listAliases } from "../../../operations/read-aliases.ts";
import {
  getFunction,
  getFunctionConfiguration,
  listFunctions,
  listVersionsByFunction,
} from "../../../operations/read-functions.ts";
import {
  updateFunctionCode,
  updateFunctionConfiguration,
} from "../../../operations/update-function.ts";
import type { Handlers } from "./call.ts";

/** Who carries out what: the compiler sees to it that no operation is left out. */
export const handlers: Handlers = {
  CreateAlias: (context, call) => createAlias(context, call.functionName(), call.input),
  CreateFunction: (context, call) =>
    createFunction(context, call.functionName(call.input.FunctionName), call.input),
  DeleteAlias: (context, call) => deleteAlias(context, call.functionName(), call.input.Name),
  DeleteFunction: (context, call) => deleteFunction(context, call.reference()),
  GetAlias: (context, call) => getAlias(context, call.functionName(), call.input.Name),
  GetFunction: (context, call) => getFunction(context, call.reference()),
  GetFunctionConfiguration: (context, call) => getFunctionConfiguration(context, call.reference()),
  ListAliases: (context, call) => listAliases(context, call.functionName(), call.input),
  ListFunctions: (context, call) => listFunctions(context, call.input),
  ListVersionsByFunction: (context, call) =>
    listVersionsByFunction(context, call.functionName(), call.input),
  PublishVersion: (context, call) => publishVersion(context, call.functionName(), call.input),
  UpdateAlias: (context, call) => updateAlias(context, call.functionName(), call.input),
  UpdateFunctionCode: (context, call) =>
    updateFunctionCode(context, call.functionName(), call.input),
  UpdateFunctionConfiguration: (context, call) =>
    updateFunctionConfiguration(context, call.functionName(), call.input),
};
