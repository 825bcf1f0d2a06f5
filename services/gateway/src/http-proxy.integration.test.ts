/** Scenario: everything but Invoke goes to control, which a plain HTTP server stands in for here. */
import { createHash } from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { InvokeCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { eventually } from "@paddock/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { deploy, type Installation, serve, startInstallation, succeed } from "./gateway.fixture.ts";

let control: Server | undefined;
let installation: Installation;

beforeAll(async () => {
  installation = await startInstallation();
  await deploy(installation, "echo");
  await serve(installation.peer, "echo", (message) => succeed(message, message.payload));
});
afterEach(async () => {
  control?.closeAllConnections();
  await new Promise((resolve) => (control === undefined ? resolve(0) : control.close(resolve)));
  control = undefined;
});
afterAll(() => installation.stop());

async function startControl(
  handler: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<void> {
  const server = createServer((request, response) => void handler(request, response));
  control = server;
  await new Promise<void>((resolve) =>
    server.listen(installation.controlPort, "127.0.0.1", resolve),
  );
  expect((server.address() as AddressInfo).port).toBe(installation.controlPort);
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // An IncomingMessage without an encoding gives Buffers.
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe("what is not Invoke", () => {
  it("reaches control with its target, its headers and its bytes as they were", async () => {
    const seen: { method?: string; url?: string; rawHeaders: string[]; body: string }[] = [];
    await startControl(async (request, response) => {
      const { method = "", url = "", rawHeaders } = request;
      seen.push({ method, url, rawHeaders, body: (await bytesOf(request)).toString() });
      response.writeHead(201, ["X-Amzn-RequestId", "from-control", "X-Twice", "1", "X-Twice", "2"]);
      response.end("made");
    });
    const target = "/2015-03-31/functions/a%3Ab/../versions?Marker=%2f+x&b";
    const answer = await new Promise<{ status: number; rawHeaders: string[]; body: string }>(
      (resolve, reject) => {
        const sent = httpRequest({
          port: installation.gateway.port,
          method: "PUT",
          path: target,
          headers: ["Host", "lambda.example:99", "X-Odd", "a", "x-odd", "b", "Content-Length", "4"],
        });
        sent.on("error", reject);
        sent.on("response", (received) => {
          const { statusCode: status = 0, rawHeaders } = received;
          bytesOf(received).then(
            (body) => resolve({ status, rawHeaders, body: body.toString() }),
            reject,
          );
        });
        sent.end("body");
      },
    );
    expect(seen).toMatchObject([{ method: "PUT", url: target, body: "body" }]);
    expect(seen[0]?.rawHeaders.slice(0, 8)).toEqual([
      "Host",
      "lambda.example:99",
      "X-Odd",
      "a",
      "x-odd",
      "b",
      "Content-Length",
      "4",
    ]);
    expect(answer).toMatchObject({ status: 201, body: "made" });
    expect(answer.rawHeaders.join("|")).toContain(
      "X-Amzn-RequestId|from-control|X-Twice|1|X-Twice|2",
    );
  });

  it("passes 40 MB in either direction", async () => {
    await startControl((request, response) => void request.pipe(response));
    const body = Buffer.alloc(40_000_000, "paddock");
    const response = await fetch(`${installation.url}/2015-03-31/functions`, {
      method: "POST",
      body,
    });
    const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
    expect(digest(new Uint8Array(await response.arrayBuffer()))).toBe(digest(body));
  });

  it("streams an answer as control makes it", async () => {
    const { promise: seen, resolve: goOn } = Promise.withResolvers<void>();
    await startControl((_, response) => {
      response.write("first");
      void seen.then(() => response.end("second"));
    });
    const response = await fetch(`${installation.url}/_paddock/logs`);
    const reader = response.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("first");
    goOn();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("second");
  });

  it("ends control's side when the client leaves", async () => {
    let closed = false;
    await startControl((request, response) => {
      response.write("first");
      request.socket.once("close", () => (closed = true));
    });
    const controller = new AbortController();
    const response = await fetch(`${installation.url}/_paddock/logs`, {
      signal: controller.signal,
    });
    await response.body?.getReader().read();
    controller.abort();
    await eventually(() => expect(closed).toBe(true));
  });

  it("does not pass off an answer that broke off as a whole one", async () => {
    await startControl((_, response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("half", () => response.destroy());
    });
    const read = async () => (await fetch(`${installation.url}/x`)).text();
    await expect(read()).rejects.toThrow("terminated");
  });
});

describe("without control", () => {
  it("the rest of the API is 503 ServiceException, and functions are still invoked", async () => {
    const { client, url } = installation;
    const listing = client.send(new ListFunctionsCommand({}));
    await expect(listing).rejects.toMatchObject({
      name: "ServiceException",
      $metadata: { httpStatusCode: 503 },
    });
    const response = await fetch(`${url}/2015-03-31/functions`);
    expect(await response.json()).toEqual({
      Type: "Service",
      Message:
        "The control plane is unavailable. Functions that are deployed can still be invoked.",
    });
    expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
    const invoked = await client.send(new InvokeCommand({ FunctionName: "echo", Payload: "1" }));
    expect(invoked.Payload?.transformToString()).toBe("1");
  });

  it("a large upload is told so too", async () => {
    const response = await fetch(`${installation.url}/2015-03-31/functions`, {
      method: "POST",
      body: Buffer.alloc(8_000_000),
    });
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("The control plane is unavailable.");
  });

  it("the gateway's own health is answered", async () => {
    const response = await fetch(`${installation.url}/_paddock/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "ok" });
  });
});
