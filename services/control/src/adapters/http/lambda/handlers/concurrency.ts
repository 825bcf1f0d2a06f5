import { getAccountSettings } from "../../../../operations/account.ts";
import {
  deleteFunctionConcurrency,
  getFunctionConcurrency,
  putFunctionConcurrency,
} from "../../../../operations/concurrency.ts";
import type { Handlers } from "../call.ts";

export const concurrencyHandlers = {
  DeleteFunctionConcurrency: (context, call) =>
    deleteFunctionConcurrency(context, call.reference("plain")),
  GetAccountSettings: (context) => getAccountSettings(context),
  GetFunctionConcurrency: (context, call) =>
    getFunctionConcurrency(context, call.reference("plain")),
  PutFunctionConcurrency: (context, call) =>
    putFunctionConcurrency(
      context,
      call.reference("plain"),
      call.input.ReservedConcurrentExecutions,
    ),
} satisfies Partial<Handlers>;
