/** What is written once is written nowhere else: subjects, queue names, Redis keys, errors. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { errorCatalogue } from "@paddock/contracts";
import { describe, expect, it } from "vitest";
import { filesBelow, matchingCode, read, root, sourceFiles } from "./repository.ts";

const run = promisify(execFile);

const outside = (...owners: RegExp[]) =>
  sourceFiles().filter((path) => !owners.some((owner) => owner.test(path)));

describe("the catalogue of subjects", () => {
  it("is the only place that spells a subject of the bus", () => {
    const catalogue = /^packages\/bus\/src\/(subjects|streams|buckets|catalog)/;
    const subject =
      /["'`]paddock\.(invoke|router|worker|status|queued|accepted|ledger|logs)\b|[`](events|invoke)\.\$\{/;
    // The subject of outside events is part of a contract: the trigger's.
    const contract = /^packages\/contracts\/src\/internal\/trigger\.ts$/;
    expect(matchingCode(outside(catalogue, contract), subject)).toEqual([]);
    expect(matchingCode(filesBelow("packages/bus/src", catalogue), subject)).not.toEqual([]);
  });
});

describe("the catalogue of Redis keys", () => {
  it("is the only place that spells a key or a queue's name", () => {
    const catalogue = /^packages\/queue\/src\/(keys|catalog)\.ts$/;
    const key = /\$\{keyPrefix\}|["'`]paddock(:(?! )|-(work|dispatch|lease))|["'`]bull:/;
    expect(matchingCode(outside(catalogue), key)).toEqual([]);
    expect(matchingCode(filesBelow("packages/queue/src", catalogue), key)).not.toEqual([]);
  });

  it("has every atomic change of several keys in a Lua file, none inside TypeScript", () => {
    expect(matchingCode(sourceFiles(), /redis\.(p?call)\(/)).toEqual([]);
    const scripts = filesBelow("packages/queue", /\.lua$/);
    expect(scripts).not.toEqual([]);
    for (const path of scripts) {
      expect(path, "a Lua file's name ends with its number of keys").toMatch(/-\d+\.lua$/);
      const header = read(path).split("\n").slice(0, 40).join("\n");
      expect(header, `${path} opens with its contract`).toMatch(/^--/);
    }
  });
});

const byName = (a = "", b = ""): number => a.localeCompare(b);

describe("docs/errors.md", () => {
  const document = read("docs/errors.md");

  it("is what the catalogue generates", async () => {
    const check = run(process.execPath, ["scripts/generate-docs.mjs", "--check"], { cwd: root });
    await expect(check).resolves.toMatchObject({ stderr: "" });
  });

  it("names every code of the catalogue and none that is not in it", () => {
    const documented = [...document.matchAll(/^\| `(\w+)`/gm)].map(([, code]) => code);
    expect(documented.toSorted(byName)).toEqual(Object.keys(errorCatalogue).toSorted(byName));
  });

  it("has each code that source throws by name", () => {
    const used = sourceFiles().flatMap((path) =>
      [...read(path).matchAll(/new PaddockError\(\s*"(\w+)"/g)].map(([, code]) => code),
    );
    expect(used.filter((code) => code === undefined || !(code in errorCatalogue))).toEqual([]);
  });
});
