/** A table in plain text: columns as wide as what is in them. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const columns = Math.max(...rows.map((cells) => cells.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  for (const cells of rows) {
    const line = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ");
    process.stdout.write(`${line.trimEnd()}\n`);
  }
}

/** A figure of ours beside the bare server's, and how many times as large it is. */
export function comparison(name: string, ours: number, bare: number): string[] {
  return [name, String(ours), String(bare), (ours / bare).toFixed(2)];
}

export const comparisonHeader = ["measure", "Paddock", "bare Node HTTP", "ratio"];
