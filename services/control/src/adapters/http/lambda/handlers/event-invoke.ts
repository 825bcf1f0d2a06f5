import {
  deleteEventInvoke,
  getEventInvoke,
  listEventInvoke,
  setEventInvoke,
} from "../../../../operations/event-invoke.ts";
import type { Handlers } from "../call.ts";

export const eventInvokeHandlers = {
  DeleteFunctionEventInvokeConfig: (context, call) => deleteEventInvoke(context, call.reference()),
  GetFunctionEventInvokeConfig: (context, call) => getEventInvoke(context, call.reference()),
  ListFunctionEventInvokeConfigs: (context, call) =>
    listEventInvoke(context, call.reference().functionName, call.input),
  PutFunctionEventInvokeConfig: (context, call) =>
    setEventInvoke(context, call.reference(), { request: call.input, from: "nothing" }),
  UpdateFunctionEventInvokeConfig: (context, call) =>
    setEventInvoke(context, call.reference(), { request: call.input, from: "current" }),
} satisfies Partial<Handlers>;
