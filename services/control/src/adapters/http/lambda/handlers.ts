import type { Handlers } from "./call.ts";
import { aliasHandlers } from "./handlers/aliases.ts";
import { concurrencyHandlers } from "./handlers/concurrency.ts";
import { eventInvokeHandlers } from "./handlers/event-invoke.ts";
import { functionHandlers } from "./handlers/functions.ts";
import { layerHandlers } from "./handlers/layers.ts";

/** Who carries out what: the compiler sees to it that no operation is left out. */
export const handlers: Handlers = {
  ...functionHandlers,
  ...layerHandlers,
  ...aliasHandlers,
  ...concurrencyHandlers,
  ...eventInvokeHandlers,
};
