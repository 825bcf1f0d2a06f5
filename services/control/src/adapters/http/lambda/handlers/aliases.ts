import { createAlias, deleteAlias, updateAlias } from "../../../../operations/aliases.ts";
import { getAlias, listAliases } from "../../../../operations/read-aliases.ts";
import type { Handlers } from "../call.ts";

export const aliasHandlers = {
  CreateAlias: (context, call) => createAlias(context, call.functionName(), call.input),
  DeleteAlias: (context, call) => deleteAlias(context, call.functionName(), call.input.Name),
  GetAlias: (context, call) => getAlias(context, call.functionName(), call.input.Name),
  ListAliases: (context, call) => listAliases(context, call.functionName(), call.input),
  UpdateAlias: (context, call) => updateAlias(context, call.functionName(), call.input),
} satisfies Partial<Handlers>;
