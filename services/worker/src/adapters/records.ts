/** The two streams that a worker feeds: usage and fates through the journal, and logs. */
import { join } from "node:path";
import { type Bus, channels, publishDurable } from "@paddock/bus";
import type { Logger } from "@paddock/service-kit";
import { limits } from "../limits.ts";
import { publishEntries } from "./ledger-publisher.ts";
import { LogShipper, type PublishLogs } from "./log-shipper.ts";
import { journalFolderName, sendOrphanedJournals } from "./orphaned-journals.ts";
import { UsageJournal } from "./usage-journal.ts";

export interface Records {
  readonly journal: UsageJournal;
  readonly logs: LogShipper;
  /** Sends what is left, within `limits.closeMs`. */
  close(): Promise<void>;
}

/** Opens this worker's journal, and sends in the background what dead workers left in theirs. */
export function openRecords(bus: Bus, home: string, workerId: string, logger: Logger): Records {
  const warn = (what: string) => (error: unknown) => logger.warn({ error }, what);
  const journals = join(home, "journal");
  const ownFolder = journalFolderName(process.pid);
  const publish = publishEntries(bus);
  const logs = new LogShipper(publishLogs(bus, workerId), warn("log lines were lost"));
  const journal = new UsageJournal({
    directory: join(journals, ownFolder),
    publish,
    onError: warn("usage records wait for NATS"),
  });
  sendOrphanedJournals(journals, ownFolder, publish)
    .then((adopted) => {
      if (adopted.folders > 0) logger.info({ adopted }, "sent orphaned journals");
    })
    .catch(warn("orphaned journals were not sent"));
  return {
    journal,
    logs,
    async close() {
      await Promise.all([journal.close(limits.closeMs), logs.close(limits.closeMs)]);
    },
  };
}

function publishLogs(bus: Bus, workerId: string): PublishLogs {
  let sent = 0;
  return async (batch) => {
    sent += 1;
    const address = { functionName: batch.functionName };
    const messageId = `${workerId}-log-${sent}`;
    await publishDurable(bus, channels.logs, address, batch, undefined, { messageId });
  };
}
