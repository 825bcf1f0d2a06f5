import {
  createFunctionUrl,
  deleteFunctionUrl,
  getFunctionUrl,
  listFunctionUrls,
  updateFunctionUrl,
} from "../../../../operations/function-urls.ts";
import type { Handlers } from "../call.ts";

export const functionUrlHandlers = {
  CreateFunctionUrlConfig: (context, call) =>
    createFunctionUrl(context, call.reference("plain"), call.input),
  DeleteFunctionUrlConfig: (context, call) => deleteFunctionUrl(context, call.reference("plain")),
  GetFunctionUrlConfig: (context, call) => getFunctionUrl(context, call.reference("plain")),
  ListFunctionUrlConfigs: (context, call) =>
    listFunctionUrls(context, call.functionName(), call.input),
  UpdateFunctionUrlConfig: (context, call) =>
    updateFunctionUrl(context, call.reference("plain"), call.input),
} satisfies Partial<Handlers>;
