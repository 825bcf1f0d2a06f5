/** Documents say what is there: links resolve, promises are linked to what enforces them. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesBelow, read, root } from "./repository.ts";

const documents = [
  "README.md",
  "SPECIFICATION.md",
  "CONTRIBUTING.md",
  ...filesBelow("docs", /\.md$/),
  ...filesBelow("packages", /README\.md$/),
  ...filesBelow("services", /README\.md$/),
];

/** Targets of links to files of the repository, fragments left out. */
function linkedFiles(path: string): string[] {
  return [...read(path).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target.split("#")[0] ?? "")
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target));
}

describe("documents", () => {
  it("link to files that exist", () => {
    const broken = documents.flatMap((path) =>
      linkedFiles(path)
        .filter((target) => !existsSync(join(root, dirname(path), target)))
        .map((target) => `${path} → ${target}`),
    );
    expect(broken).toEqual([]);
  });
});

describe("SPECIFICATION.md", () => {
  const rows = read("SPECIFICATION.md")
    .split("\n")
    .filter((line) => /^\| \d+ \|/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));

  it("numbers its promises without a gap", () => {
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.map(([, number]) => Number(number))).toEqual(rows.map((_, index) => index + 1));
  });

  it("links each promise to a test or a benchmark, or says that it is pending", () => {
    const unproved = rows.filter((cells) => {
      const proof = cells.at(-2) ?? "";
      return !/\]\([^)]+\.(test\.ts|ts)(#[^)]*)?\)/.test(proof) && !proof.includes("*pending*");
    });
    expect(unproved.map((cells) => cells.join(" | "))).toEqual([]);
  });
});
