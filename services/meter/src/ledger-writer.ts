/**
 * Writes the rows of messages and acknowledges them after the commit. While the ledger is away the
 * messages go back to their stream, with a pause that grows. A row that the ledger refuses is
 * found by halving, repaired if its text was the reason, and otherwise reported whole: it must not
 * keep the others from being counted.
 */
import { groupByRows } from "./core/groups.ts";
import { withStorableText } from "./core/storable-text.ts";
import { meterLimits } from "./limits.ts";
import { type LedgerMessage, type MeterReport, UnacceptableRowError } from "./ports.ts";

export class LedgerWriter<Row extends object> {
  readonly #insert: (rows: readonly Row[]) => Promise<void>;
  readonly #report: MeterReport;
  #isAway = false;

  constructor(insert: (rows: readonly Row[]) => Promise<void>, report: MeterReport) {
    this.#insert = insert;
    this.#report = report;
  }

  get isAway(): boolean {
    return this.#isAway;
  }

  /** Resolves when each message is acknowledged or sent back. Never rejects. */
  async handle(messages: readonly LedgerMessage<Row>[]): Promise<void> {
    for (const group of groupByRows(messages, meterLimits.groupRows)) await this.#write(group);
  }

  async #write(group: readonly LedgerMessage<Row>[]): Promise<void> {
    try {
      await this.#insertAcceptable(group.flatMap(({ rows }) => rows));
    } catch (error) {
      if (!this.#isAway) this.#report.ledgerAway(error);
      this.#isAway = true;
      for (const message of group) message.retry(retryDelayMs(message.redeliveries));
      return;
    }
    if (this.#isAway) this.#report.ledgerBack();
    this.#isAway = false;
    for (const message of group) message.ack();
  }

  async #insertAcceptable(rows: readonly Row[]): Promise<void> {
    try {
      await this.#insert(rows);
    } catch (error) {
      if (!(error instanceof UnacceptableRowError)) throw error;
      const [first] = rows;
      if (rows.length === 1 && first !== undefined) {
        await this.#insertRepaired(first);
        return;
      }
      const middle = Math.ceil(rows.length / 2);
      await this.#insertAcceptable(rows.slice(0, middle));
      await this.#insertAcceptable(rows.slice(middle));
    }
  }

  async #insertRepaired(row: Row): Promise<void> {
    try {
      await this.#insert([withStorableText(row)]);
    } catch (error) {
      if (!(error instanceof UnacceptableRowError)) throw error;
      this.#report.unacceptable(row, error);
    }
  }
}

function retryDelayMs(redeliveries: number): number {
  // 2 ** 20 is beyond the longest pause and keeps the product finite.
  const doublings = Math.min(20, redeliveries);
  return Math.min(meterLimits.retryMaxMs, meterLimits.retryMinMs * 2 ** doublings);
}
