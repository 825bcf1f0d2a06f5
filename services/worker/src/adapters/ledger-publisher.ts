/** Journal entries to the stream LEDGER: usage and fates are separate messages of one batch. */
import { type Bus, channels, publishDurable } from "@paddock/bus";
import type { PublishEntries } from "./usage-journal.ts";

export function publishEntries(bus: Bus): PublishEntries {
  return async (entries, messageId) => {
    const usage = entries.flatMap((entry) => (entry.kind === "usage" ? [entry.record] : []));
    const fates = entries.flatMap((entry) => (entry.kind === "fate" ? [entry.record] : []));
    const publishes: Promise<unknown>[] = [];
    if (usage.length > 0) {
      const options = { messageId: `usage-${messageId}` };
      publishes.push(
        publishDurable(bus, channels.usage, {}, { records: usage }, undefined, options),
      );
    }
    if (fates.length > 0) {
      const options = { messageId: `fate-${messageId}` };
      publishes.push(
        publishDurable(bus, channels.fate, {}, { records: fates }, undefined, options),
      );
    }
    await Promise.all(publishes);
  };
}
