import { PaddockError } from "@paddock/contracts";
import { listLimits } from "@paddock/contracts/aws";
import { validationError } from "@paddock/lambda-model";
import { invalid } from "./configuration.ts";

/** Markers name the last entry of the page before; clients pass them back as they came. */
export interface Position {
  readonly functionName: string;
  readonly versionNumber: number;
}

export function toMarker(position: Position): string {
  return Buffer.from(`${position.versionNumber}:${position.functionName}`).toString("base64url");
}

export function fromMarker(marker: string | undefined): Position | undefined {
  if (marker === undefined || marker === "") return undefined;
  const text = Buffer.from(marker, "base64url").toString("latin1");
  const [, number, functionName] = /^(\d{1,15}):([\w-]{1,64})$/.exec(text) ?? [];
  if (number === undefined || functionName === undefined) throw invalid("Invalid Marker.");
  return { functionName, versionNumber: Number(number) };
}

/** Entries of a page: what was asked for, 50 at most. */
export function pageSize(maxItems: string | undefined): number {
  if (maxItems === undefined || maxItems === "") return listLimits.pageItems;
  if (!/^-?\d{1,15}$/.test(maxItems)) {
    throw new PaddockError(
      "SerializationException",
      "STRING_VALUE can not be converted to an Integer",
    );
  }
  const asked = Number(maxItems);
  const constraint =
    asked < 1
      ? "Member must have value greater than or equal to 1"
      : asked > listLimits.maxItems
        ? `Member must have value less than or equal to ${listLimits.maxItems}`
        : undefined;
  if (constraint !== undefined) {
    throw validationError([{ value: maxItems, member: "maxItems", constraint }]);
  }
  return Math.min(asked, listLimits.pageItems);
}

/** Reads one entry more than fits, to know whether there is another page. */
export function toPage<Entry extends Position>(
  entries: readonly Entry[],
  size: number,
): { shown: readonly Entry[]; nextMarker: string | undefined } {
  const shown = entries.slice(0, size);
  const last = shown.at(-1);
  const hasMore = entries.length > size && last !== undefined;
  return { shown, nextMarker: hasMore ? toMarker(last) : undefined };
}
