import { Buffer } from "node:buffer";

/**
 * Percent-encoding as SigV4 wants it: every byte but `A-Za-z0-9-._~` becomes `%XX` in upper case.
 * Strings here hold one byte per character (latin1), which is how Node hands over request targets.
 */
const reserved = /[^A-Za-z0-9\-._~]/g;
const reservedInPath = /[^A-Za-z0-9\-._~/]/g;

export function percentEncode(text: string): string {
  return text.replace(reserved, encodeByte);
}

/** As {@link percentEncode}, with `/` left as it is. */
export function percentEncodePath(text: string): string {
  return text.replace(reservedInPath, encodeByte);
}

function encodeByte(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** Decodes `%XX`, leaves everything else, a lone `%` included, as it is. Result: latin1. */
export function percentDecode(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** UTF-8 text as a string with one byte per character, ready for {@link percentEncode}. */
export function utf8AsLatin1(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
