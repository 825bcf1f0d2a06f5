import { processEnvironment } from "@paddock/service-kit";
import { findRunningStack } from "../data-directory/running-stack.ts";
import type { CommandSettings } from "../settings/command-settings.ts";

export interface AdminEndpoint {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token: string;
}

/**
 * The stack that the variables of `paddock env` name (PADDOCK_ENDPOINT_URL, PADDOCK_ADMIN_TOKEN),
 * which may be on another machine; otherwise, or with --data-dir, the one of the data directory.
 */
export function findAdminEndpoint(settings: CommandSettings): AdminEndpoint {
  const remote = processEnvironment()["PADDOCK_ENDPOINT_URL"];
  const token = settings.get("adminToken");
  const namesDirectory = settings.resolved.get("dataDirectory")?.origin === "flag";
  if (!namesDirectory && remote !== undefined && remote !== "" && token !== undefined) {
    return { url: remote.replace(/\/+$/, ""), token };
  }
  const stack = findRunningStack(settings.require("dataDirectory"));
  return { url: stack.publicUrl.replace(/\/+$/, ""), token: stack.adminToken };
}
