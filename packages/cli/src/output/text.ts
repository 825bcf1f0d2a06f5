/** Escape sequences and other control characters of a function's own text would reach the terminal. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this removes
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "·");
}

export function timeOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** Text that a POSIX shell reads back unchanged. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
