import type { Handlers } from "./call.ts";
import { aliasHandlers } from "./handlers/aliases.ts";
import { concurrencyHandlers } from "./handlers/concurrency.ts";
import { eventInvokeHandlers } from "./handlers/event-invoke.ts";
import { functionOptionHandlers } from "./handlers/function-options.ts";
import { functionUrlHandlers } from "./handlers/function-urls.ts";
import { functionHandlers } from "./handlers/functions.ts";
import { layerHandlers } from "./handlers/layers.ts";
import { policyHandlers } from "./handlers/policies.ts";
import { tagHandlers } from "./handlers/tags.ts";

/** Who carries out what: the compiler sees to it that no operation is left out. */
export const handlers: Handlers = {
  ...functionHandlers,
  ...functionOptionHandlers,
  ...functionUrlHandlers,
  ...layerHandlers,
  ...policyHandlers,
  ...tagHandlers,
  ...aliasHandlers,
  ...concurrencyHandlers,
  ...eventInvokeHandlers,
};
