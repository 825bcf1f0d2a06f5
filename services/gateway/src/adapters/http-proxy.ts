import { randomUUID } from "node:crypto";
import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from "node:http";
import { PaddockError } from "@paddock/contracts";
import type { Logger } from "@paddock/service-kit";
import { gatewayLimits } from "../limits.ts";
import { sendError } from "./http-answers.ts";

/** Headers that belong to one connection and not to the message. Source: RFC 9110, 7.6.1. */
const hopHeaders = new Set(["connection", "keep-alive", "proxy-connection", "upgrade", "expect"]);

/**
 * Passes requests on to control as they came: target, headers (Host too, which is signed) and
 * bytes, streamed both ways. Control checks the signature itself.
 */
export class HttpProxy {
  readonly #port: number;
  readonly #logger: Logger;
  // A connection per request: one that control has just closed can then never be reused.
  readonly #agent = new Agent({ maxSockets: gatewayLimits.controlConnections });

  /** Control listens on the loopback address, at this port. */
  constructor(options: { readonly controlPort: number; readonly logger: Logger }) {
    this.#port = options.controlPort;
    this.#logger = options.logger;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const upstream = httpRequest({
      host: "127.0.0.1",
      port: this.#port,
      agent: this.#agent,
      method: request.method,
      path: request.url,
      headers: withoutHopHeaders(request.rawHeaders),
      setHost: false,
    });
    upstream.setTimeout(gatewayLimits.controlAnswerMs, () => {
      upstream.destroy(new Error("control did not begin its answer in time"));
    });
    upstream.once("response", (answer) => passBack(upstream, answer, response));
    upstream.once("error", (error) => this.#failed(request, response, error));
    response.once("close", () => {
      // The client has left, or has its answer: either way control's side is over.
      upstream.destroy();
    });
    request.once("error", () => upstream.destroy());
    request.pipe(upstream);
  }

  stop(): void {
    this.#agent.destroy();
  }

  #failed(request: IncomingMessage, response: ServerResponse, cause: Error): void {
    request.unpipe();
    // Our own doing, after the client had left.
    if (response.destroyed || response.writableFinished) return;
    this.#logger.warn({ error: cause }, "control did not answer");
    const error = new PaddockError(
      "ServiceException",
      "The control plane is unavailable. Functions that are deployed can still be invoked.",
      { cause },
    );
    sendError(request, response, { requestId: randomUUID(), error, status: 503 });
  }
}

function passBack(
  upstream: ClientRequest,
  answer: IncomingMessage,
  response: ServerResponse,
): void {
  // From here on silence may be meant: logs are followed over such answers.
  upstream.setTimeout(0);
  response.writeHead(
    answer.statusCode ?? 502,
    answer.statusMessage,
    withoutHopHeaders(answer.rawHeaders),
  );
  // An answer that breaks off must not look like one that is complete.
  answer.once("error", () => response.destroy());
  answer.once("aborted", () => response.destroy());
  answer.pipe(response);
}

function withoutHopHeaders(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (!hopHeaders.has(name.toLowerCase())) kept.push(name, rawHeaders[at + 1] ?? "");
  }
  return kept;
}
