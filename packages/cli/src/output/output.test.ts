import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { renderTable } from "./table.ts";
import { printable, shellQuoted } from "./text.ts";

describe("a table", () => {
  it("sets words to the left and numbers to the right", () => {
    const table = renderTable(
      ["name", "count"],
      [
        ["a", 5],
        ["longer", 1000],
      ],
    );
    expect(table).toBe("name    count\na           5\nlonger   1000");
  });
});

describe("text of others", () => {
  it("loses its escape sequences on the way to the terminal", () => {
    expect(printable("a\u001b[31mb\u0007\tc\nd")).toBe("a·[31mb·\tc\nd");
  });

  it.each(["plain", "it's", 'a b $HOME `x` "y" \\'])("reaches a shell unchanged: %s", (text) => {
    const printed = execFileSync("sh", ["-c", `printf %s ${shellQuoted(text)}`]).toString();
    expect(printed).toBe(text);
  });
});
