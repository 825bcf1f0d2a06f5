import type { SettingName } from "@paddock/service-kit";
import { flagOf, withDeadline } from "@paddock/service-kit";
import { cliLimits } from "../limits.ts";
import { probeNats } from "../servers/nats.ts";
import { probeRedis } from "../servers/redis.ts";
import type { CommandSettings } from "../settings/command-settings.ts";
import { UserError } from "../user-error.ts";

/** Servers of the user's own, given by URL: asked once, before anything is started. */

async function ask(setting: SettingName, url: URL, probe: () => Promise<unknown>): Promise<void> {
  try {
    await withDeadline(probe(), cliLimits.probeTimeoutMs * 2, "no answer");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `The server that ${flagOf(setting)} names (${url.hostname}:${url.port}) cannot be used: ${reason}.`,
    );
  }
}

export async function checkExternalServers(settings: CommandSettings): Promise<void> {
  const natsUrl = settings.get("natsUrl");
  if (natsUrl !== undefined) {
    const url = new URL(natsUrl);
    const target = { host: url.hostname, port: Number(url.port || 4222), tls: false };
    await ask("natsUrl", url, () => probeNats(target));
  }
  const redisUrl = settings.get("redisUrl");
  if (redisUrl !== undefined) {
    const url = new URL(redisUrl);
    const tls = url.protocol === "rediss:";
    const target = { host: url.hostname, port: Number(url.port || 6379), tls };
    const user = decodeURIComponent(url.username);
    const password = decodeURIComponent(url.password);
    const credentials = password === "" ? {} : { user, password };
    await ask("redisUrl", url, () => probeRedis(target, credentials));
  }
}
