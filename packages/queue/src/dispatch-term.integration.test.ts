import { eventually, startRedis, type TestServer } from "@paddock/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectQueue, type QueueConnection } from "./connection.ts";

let server: TestServer;
let connection: QueueConnection;
beforeAll(async () => {
  server = await startRedis();
  connection = await connectQueue({ url: server.url, name: "test" });
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

it("lets one router dispatch until it ends its term or falls silent", async () => {
  const term = connection.dispatchTerm;
  expect(await term.renew("a", 60_000)).toBe(true);
  expect(await term.renew("a", 60_000)).toBe(true);
  expect(await term.renew("b", 60_000)).toBe(false);
  await term.end("b");
  expect(await term.holder()).toBe("a");
  await term.end("a");
  expect(await term.renew("b", 1)).toBe(true);
  await eventually(async () => expect(await term.renew("a", 60_000)).toBe(true));
});
