import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { embeddedServerNames } from "./embedded-servers.ts";
import { serviceTable } from "./service-table.ts";

describe("the table of services", () => {
  it("names programs that exist", () => {
    expect(serviceTable.filter(({ program }) => !existsSync(program))).toEqual([]);
  });

  it("waits only for servers and for services above", () => {
    const known = new Set<string>(embeddedServerNames);
    for (const { name, after } of serviceTable) {
      expect(after.filter((before) => !known.has(before))).toEqual([]);
      known.add(name);
    }
  });

  it("keeps the database's password and the admin token from the worker", () => {
    const worker = serviceTable.find(({ name }) => name === "worker");
    expect(worker?.secrets).toEqual(["natsUrl", "natsPassword", "redisUrl"]);
  });
});
