import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { AdminClient } from "./client.ts";

let server: Server | undefined;
afterEach(() => server?.close());

interface Asked {
  readonly url: string | undefined;
  readonly authorization: string | undefined;
}

/** A server that answers everything in one way, and the client of it. */
async function answering(answer: (response: ServerResponse) => void) {
  const asked: Asked[] = [];
  server = createServer((request, response) => {
    asked.push({ url: request.url, authorization: request.headers.authorization });
    answer(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const client = new AdminClient({ url: `http://127.0.0.1:${port}`, token: "the-token" });
  return { client, asked };
}

const schema = z.object({ value: z.number() });

describe("a client of Paddock's own API", () => {
  it("sends its token and leaves out what was not asked for", async () => {
    const { client, asked } = await answering((response) => response.end('{"value":1}'));
    const request = { path: "usage", query: { function: "a&b", since: undefined } };
    expect(await client.read(request, schema)).toEqual({ value: 1 });
    expect(asked).toEqual([
      { url: "/_paddock/api/usage?function=a%26b", authorization: "Bearer the-token" },
    ]);
  });

  it("gives the server's own words for a refusal", async () => {
    const { client } = await answering((response) => {
      response.writeHead(404).end('{"error":{"code":"NotFound","message":"No such trigger."}}');
    });
    await expect(client.read({ path: "x" }, schema)).rejects.toThrow(/^No such trigger\.$/);
  });

  it("names the status where there are no words", async () => {
    const { client } = await answering((response) => response.writeHead(502).end("<html>"));
    await expect(client.read({ path: "x" }, schema)).rejects.toThrow("answered with status 502");
  });

  it("does not pretend to understand another version's answer", async () => {
    const { client } = await answering((response) => response.end('{"value":"one"}'));
    await expect(client.read({ path: "x" }, schema)).rejects.toThrow("of the same version");
  });

  it("does not fall over an answer that is no JSON", async () => {
    const { client } = await answering((response) => response.end("<html>"));
    await expect(client.read({ path: "x" }, schema)).rejects.toThrow("of the same version");
  });

  it("says so when a followed log breaks off", async () => {
    const { client } = await answering((response) => {
      response.write('{"value":1}\n', () => response.destroy());
    });
    const lines = client.readLines({ path: "logs" }, schema);
    expect(await lines.next()).toMatchObject({ value: { value: 1 } });
    await expect(lines.next()).rejects.toThrow("connection to Paddock was lost");
  });

  it("reads lines as they come and skips those that keep the answer open", async () => {
    const { client } = await answering((response) => {
      response.write('{"value":1}\n\n\n');
      response.end('{"value":2}\n');
    });
    const values: number[] = [];
    for await (const { value } of client.readLines({ path: "logs" }, schema)) values.push(value);
    expect(values).toEqual([1, 2]);
  });

  it("says how to start Paddock when nobody answers", async () => {
    const { client } = await answering((response) => response.end());
    server?.close();
    await expect(client.read({ path: "x" }, schema)).rejects.toThrow("npm start");
  });
});
