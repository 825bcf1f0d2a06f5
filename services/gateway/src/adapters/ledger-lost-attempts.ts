import { type Bus, channels, publishDurable } from "@paddock/bus";
import type { UsageRecord } from "@paddock/contracts";
import type { Logger } from "@paddock/service-kit";
import type { LostAttempts } from "../ports.ts";

/** Into the stream LEDGER, where the worker's own record takes its place if there is one. */
export function ledgerLostAttempts(bus: Bus, logger: Logger): LostAttempts {
  return {
    record(record: UsageRecord) {
      const { requestId, attempt } = record;
      const messageId = `missed-${requestId}-${attempt}`;
      const batch = { records: [record] };
      publishDurable(bus, channels.usage, {}, batch, undefined, { messageId }).catch(
        (error: unknown) => logger.warn({ requestId, error }, "a lost attempt is not on record"),
      );
    },
  };
}
