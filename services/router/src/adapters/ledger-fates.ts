import { createHash } from "node:crypto";
import { type Bus, channels, publishDurable } from "@paddock/bus";
import type { FateRecord } from "@paddock/contracts";
import { routerLimits } from "../limits.ts";
import type { FateLedger } from "../ports.ts";

/** Fates into the stream LEDGER. A batch that is sent again has the same message id. */
export class LedgerFates implements FateLedger {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  async record(fates: readonly FateRecord[]): Promise<void> {
    for (let from = 0; from < fates.length; from += routerLimits.fateBatch) {
      const records = fates.slice(from, from + routerLimits.fateBatch);
      const names = records.map(({ requestId, fate }) => `${requestId}/${fate}`);
      const messageId = createHash("sha256").update(names.join("\n")).digest("hex");
      await publishDurable(this.#bus, channels.fate, {}, { records }, undefined, { messageId });
    }
  }
}
