import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";

describe("the files of the migrations", () => {
  it("are numbered from 1 on, without a gap and without a number that two have", () => {
    const names = readdirSync(new URL("migrations", import.meta.url)).toSorted();
    expect(names.map((name) => Number.parseInt(name, 10))).toEqual(
      names.map((_, index) => index + 1),
    );
    expect(names.filter((name) => !/^\d{4}_[a-z_]+\.sql$/.test(name))).toEqual([]);
  });
});
