import { findRunningStack } from "../data-directory/running-stack.ts";
import { shellQuoted } from "../output/text.ts";
import { readCommandSettings } from "../settings/command-settings.ts";
import { type CommandContext, writeLine } from "./command.ts";

/** `paddock env`: lines for `eval "$(paddock env)"`, and nothing else on stdout. */
export function printEnvironment(context: CommandContext): void {
  const settings = readCommandSettings(context.commandFlags);
  const stack = findRunningStack(settings.require("dataDirectory"));
  const variables = {
    AWS_ENDPOINT_URL: stack.publicUrl,
    AWS_ENDPOINT_URL_LAMBDA: stack.publicUrl,
    AWS_ACCESS_KEY_ID: stack.rootAccessKeyId,
    AWS_SECRET_ACCESS_KEY: stack.rootSecretAccessKey,
    AWS_REGION: stack.region,
    AWS_DEFAULT_REGION: stack.region,
    NATS_URL: stack.natsUrl,
    PADDOCK_ENDPOINT_URL: stack.publicUrl,
    PADDOCK_ADMIN_TOKEN: stack.adminToken,
  };
  // A session token of another account would make every signature wrong.
  writeLine(context, "unset AWS_SESSION_TOKEN AWS_PROFILE");
  for (const [name, value] of Object.entries(variables)) {
    writeLine(context, `export ${name}=${shellQuoted(value)}`);
  }
}
