import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { renderTable } from "./table.ts";

const module = fileURLToPath(new URL("isolation.ts", import.meta.url));

/** In a process of its own, whose output is no terminal. */
function shown(isolation: string, variables: Record<string, string>): string {
  const script = `const { isolationText } = await import(${JSON.stringify(module)}); process.stdout.write(isolationText(${JSON.stringify(isolation)}));`;
  const options = { env: variables, encoding: "utf8" } as const;
  return spawnSync(process.execPath, ["--input-type=module", "-e", script], options).stdout;
}

describe("what functions run in", () => {
  it("is red, and says what it means, when it is nothing", () => {
    expect(shown("process", { FORCE_COLOR: "1" })).toMatch(
      // oxlint-disable-next-line no-control-regex -- the escape sequence for red is what is looked for
      /^\u001b\[31mprocess: NOT ISOLATED, .+\u001b\[39m$/,
    );
    expect(shown("bubblewrap", { FORCE_COLOR: "1" })).toBe("bubblewrap");
    expect(shown("gvisor", { FORCE_COLOR: "1" })).toBe("gvisor");
  });

  it("is told in words alone where output is no terminal", () => {
    expect(shown("process", {})).toMatch(/^process: NOT ISOLATED, /);
  });

  it("does not put a table out of line", () => {
    const rows = [
      ["\u001b[31mprocess\u001b[39m", "a"],
      ["bubblewrap", "b"],
    ];
    expect(renderTable(["isolation", "x"], rows)).toBe(
      "isolation   x\n\u001b[31mprocess\u001b[39m     a\nbubblewrap  b",
    );
  });
});
