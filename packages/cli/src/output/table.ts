import { stripVTControlCharacters } from "node:util";

/** Columns of text, aligned; the last one is not padded. Numbers are set to the right. */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const cells = [header, ...rows.map((row) => row.map(String))];
  const widths = header.map((_, column) =>
    Math.max(...cells.map((row) => visibleLength(row[column] ?? ""))),
  );
  const isNumeric = header.map((_, column) => rows.every((row) => typeof row[column] === "number"));
  return cells
    .map((row) =>
      row
        .map((cell, column) => {
          const filling = " ".repeat((widths[column] ?? 0) - visibleLength(cell));
          if (isNumeric[column] === true) return filling + cell;
          return column === row.length - 1 ? cell : cell + filling;
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** A cell may be coloured. */
function visibleLength(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
