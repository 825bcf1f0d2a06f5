/**
 * State machine of the Runtime API 2018-06-01 (spec §3.1): Started → Ready (blocked in /next) →
 * Running → InvocationResponse or InvocationErrorResponse → RuntimeResponseSent → Ready.
 * Whatever does not fit is answered 403, 400 or 413, and changes nothing.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { runtimeLimits } from "../limits.ts";
import type { InitializeOutcome, InvocationOutcome, RuntimeInvocation } from "../port.ts";
import { normaliseErrorType } from "./error-type.ts";
import { nextHeaders } from "./next-headers.ts";
import {
  replyAccepted,
  replyError,
  replyInvalidTransition,
  replyText,
  replyTooLarge,
} from "./replies.ts";
import { readRequestBody, type RequestBody } from "./request-body.ts";
import type { HttpApi } from "./server.ts";

type State =
  | "Started"
  | "InitError"
  | "Ready"
  | "Running"
  | "InvocationResponse"
  | "InvocationErrorResponse"
  | "RuntimeResponseSent";

type Answer = "response" | "error";

const answering = { response: "InvocationResponse", error: "InvocationErrorResponse" } as const;
const alreadySettled = Promise.resolve();

export class RuntimeApi {
  readonly #maxResponseBytes: number;
  readonly #initialized = Promise.withResolvers<InitializeOutcome>();
  #state: State = "Started";
  /** The runtime's open /next; absent when it went away while it waited. */
  #next: ServerResponse | undefined;
  /** Current or latest: late answers are told from foreign ones by it. */
  #invocation: RuntimeInvocation | undefined;
  #delivered = true;
  #resolveInvoke: ((outcome: InvocationOutcome) => void) | undefined;
  #settled: PromiseWithResolvers<void> | undefined;

  constructor(maxResponseBytes: number) {
    this.#maxResponseBytes = maxResponseBytes;
  }

  get initialized(): Promise<InitializeOutcome> {
    return this.#initialized.promise;
  }

  /** What `serveSandbox` dispatches to. */
  routes(): ReadonlyMap<string, HttpApi> {
    const api: HttpApi = (request, response, segments) => this.#route(request, response, segments);
    const ping: HttpApi = (request, response) => this.#route(request, response, ["ping"]);
    return new Map([
      ["2018-06-01", api],
      ["ping", ping],
    ]);
  }

  invoke(invocation: RuntimeInvocation): Promise<InvocationOutcome> {
    if (this.#state !== "Ready" || !this.#delivered) {
      throw new Error(`runtime is ${this.#state}, not ready for another invocation`);
    }
    this.#invocation = invocation;
    this.#delivered = false;
    return new Promise((resolve) => {
      this.#resolveInvoke = resolve;
      this.#deliver();
    });
  }

  settled(): Promise<void> {
    if (this.#state === "Ready" && this.#delivered) return alreadySettled;
    this.#settled ??= Promise.withResolvers<void>();
    return this.#settled.promise;
  }

  #route(request: IncomingMessage, response: ServerResponse, segments: readonly string[]): void {
    const call = `${request.method} ${segments.slice(0, 3).join("/")}`;
    const [, , requestId = "", action = ""] = segments;
    if (call === "GET runtime/invocation/next") this.#receiveNext(response);
    else if (request.method === "POST" && this.#isAnswer(segments)) {
      this.#receiveAnswer(request, response, { requestId, kind: action as Answer });
      return;
    } else if (call === "POST runtime/init/error") {
      void this.#receiveInitError(request, response);
      return;
    } else if (call === "GET ping") replyText(response, 200, "pong");
    else if (call === "GET runtime/restore/next" || call === "POST runtime/restore/error") {
      replyInvalidTransition(response, this.#state, "Restoring");
    } else replyText(response, 404, "404 page not found\n");
    request.resume();
  }

  #isAnswer(segments: readonly string[]): boolean {
    const [root, resource, , action] = segments;
    return (
      segments.length === 4 &&
      root === "runtime" &&
      resource === "invocation" &&
      (action === "response" || action === "error")
    );
  }

  #receiveNext(response: ServerResponse): void {
    const from = this.#state;
    if (from !== "Started" && from !== "Ready" && from !== "RuntimeResponseSent") {
      replyInvalidTransition(response, from, "Ready");
      return;
    }
    // A runtime that asks again gave up the call before: only one can get the event.
    if (this.#next !== undefined) replyInvalidTransition(this.#next, "Ready", "Ready");
    this.#next = response;
    response.on("close", () => {
      if (this.#next === response) this.#next = undefined;
    });
    this.#state = "Ready";
    if (from === "Started") this.#initialized.resolve({ kind: "ready" });
    if (from === "RuntimeResponseSent") {
      this.#settled?.resolve();
      this.#settled = undefined;
    }
    this.#deliver();
  }

  #deliver(): void {
    const response = this.#next;
    const invocation = this.#invocation;
    if (this.#delivered || response === undefined || invocation === undefined) return;
    this.#delivered = true;
    this.#next = undefined;
    this.#state = "Running";
    response.writeHead(200, [...nextHeaders(invocation)]);
    response.end(invocation.event);
  }

  #receiveAnswer(
    request: IncomingMessage,
    response: ServerResponse,
    answer: { readonly requestId: string; readonly kind: Answer },
  ): void {
    if (!this.#refuse(request, response, answer)) {
      this.#state = answering[answer.kind];
      void this.#readAnswer(request, response, answer.kind);
      return;
    }
    request.resume();
  }

  /** True when the answer was refused, and the refusal sent. */
  #refuse(
    request: IncomingMessage,
    response: ServerResponse,
    answer: { readonly requestId: string; readonly kind: Answer },
  ): boolean {
    const invocation = this.#invocation;
    if (invocation === undefined || decodeSegment(answer.requestId) !== invocation.requestId) {
      replyError(response, 400, "InvalidRequestID", "Invalid request ID");
      return true;
    }
    const invocationId = headerOf(request, "lambda-runtime-invocation-id");
    if (invocationId !== undefined && invocationId !== invocation.invocationId) {
      replyError(response, 400, "InvalidInvocationId", "Invalid invocation ID");
      return true;
    }
    if (this.#state !== "Running") {
      replyInvalidTransition(response, this.#state, answering[answer.kind]);
      return true;
    }
    const mode = headerOf(request, "lambda-runtime-function-response-mode");
    if (answer.kind === "response" && mode !== undefined && !responseModes.has(mode)) {
      const message = "Invalid function response mode";
      replyError(response, 400, "InvalidFunctionResponseMode", message);
      return true;
    }
    return false;
  }

  async #readAnswer(
    request: IncomingMessage,
    response: ServerResponse,
    kind: Answer,
  ): Promise<void> {
    const maxBytes = kind === "response" ? this.#maxResponseBytes : runtimeLimits.errorPayloadBytes;
    const body = await readRequestBody(request, maxBytes, () =>
      this.#end({ kind: "response-too-large" }),
    );
    if (body.kind === "too-large") {
      replyTooLarge(response, maxBytes);
    } else if (body.kind === "truncated") {
      this.#end(truncatedOutcome());
      response.destroy();
    } else {
      this.#end(kind === "error" ? errorOutcome(request, body) : responseOutcome(request, body));
      replyAccepted(response);
    }
  }

  /** Once for each invocation: a body that is too large ends it before it was read to its end. */
  #end(outcome: InvocationOutcome): void {
    this.#state = "RuntimeResponseSent";
    const resolve = this.#resolveInvoke;
    this.#resolveInvoke = undefined;
    resolve?.(outcome);
  }

  async #receiveInitError(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#state !== "Started") {
      replyInvalidTransition(response, this.#state, "InitError");
      request.resume();
      return;
    }
    this.#state = "InitError";
    const maxBytes = runtimeLimits.errorPayloadBytes;
    const body = await readRequestBody(request, maxBytes, () => replyTooLarge(response, maxBytes));
    const errorType = normaliseErrorType(headerOf(request, "lambda-runtime-function-error-type"));
    const payload =
      body.kind === "complete" ? body.bytes : Buffer.from(`{"errorType":"${errorType}"}`);
    this.#initialized.resolve({ kind: "error", errorType, payload });
    if (body.kind === "complete") replyAccepted(response);
  }
}

const responseModes: ReadonlySet<string> = new Set(["streaming", "buffered"]);

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The client escapes the id in the path; what is no escape stays as it is, and fits nothing. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

type CompleteBody = Extract<RequestBody, { kind: "complete" }>;

function errorOutcome(request: IncomingMessage, body: CompleteBody): InvocationOutcome {
  const errorType = normaliseErrorType(headerOf(request, "lambda-runtime-function-error-type"));
  return { kind: "error", errorType, payload: body.bytes };
}

/** A streamed response may end in trailers that make it an error (spec §3.2). */
function responseOutcome(request: IncomingMessage, body: CompleteBody): InvocationOutcome {
  const errorType = request.trailers["lambda-runtime-function-error-type"];
  if (errorType !== undefined) {
    const payload = Buffer.from(
      request.trailers["lambda-runtime-function-error-body"] ?? "",
      "base64",
    );
    return { kind: "error", errorType: normaliseErrorType(errorType), payload };
  }
  const contentType = headerOf(request, "content-type");
  return contentType === undefined || contentType === "application/json"
    ? { kind: "response", payload: body.bytes }
    : { kind: "response", payload: body.bytes, contentType };
}

function truncatedOutcome(): InvocationOutcome {
  const errorType = "Runtime.TruncatedResponse";
  const errorMessage = "The runtime closed its connection before the end of the response.";
  return {
    kind: "error",
    errorType,
    payload: Buffer.from(JSON.stringify({ errorType, errorMessage })),
  };
}
