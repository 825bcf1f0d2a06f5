import { invalid } from "./configuration.ts";

/** A page of a list holds 50 entries at most, whatever MaxItems says. */
const PAGE_ITEMS = 50;

export function pageSize(maxItems: number | undefined): number {
  return Math.min(maxItems ?? PAGE_ITEMS, PAGE_ITEMS);
}

/** Markers name the last entry of the page before; clients pass them back as they came. */
export function toMarker(key: string): string {
  return Buffer.from(key).toString("base64url");
}

/** The key that a marker names. */
export function fromMarker(marker: string | undefined): string | undefined {
  if (marker === undefined || marker === "") return undefined;
  const key = Buffer.from(marker, "base64url").toString("latin1");
  if (!/^[\w:$-]{1,256}$/.test(key) || toMarker(key) !== marker) throw invalid("Invalid Marker.");
  return key;
}

/** A version among those of all functions. */
export interface Position {
  readonly functionName: string;
  readonly versionNumber: number;
}

export function positionKey({ functionName, versionNumber }: Position): string {
  return `${versionNumber}:${functionName}`;
}

export function positionFrom(marker: string | undefined): Position | undefined {
  const key = fromMarker(marker);
  if (key === undefined) return undefined;
  const [, number, functionName] = /^(\d{1,15}):([\w-]{1,64})$/.exec(key) ?? [];
  if (number === undefined || functionName === undefined) throw invalid("Invalid Marker.");
  return { functionName, versionNumber: Number(number) };
}

/** `entries` are one more than fit, if there are so many: then there is another page. */
export function toPage<Entry>(
  entries: readonly Entry[],
  size: number,
  keyOf: (entry: Entry) => string,
): { shown: readonly Entry[]; next: { NextMarker?: string } } {
  const shown = entries.slice(0, size);
  const last = shown.at(-1);
  const hasMore = entries.length > size && last !== undefined;
  return { shown, next: hasMore ? { NextMarker: toMarker(keyOf(last)) } : {} };
}
