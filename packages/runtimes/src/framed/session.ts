/**
 * Host side of the framed carrier: one stream socket per sandbox, whose other end is descriptor 3
 * of the bootstrap. Guarantees: one invocation at a time; nothing that comes from inside throws;
 * the first thing that breaks the protocol ends the session with `failed`, and closes the socket.
 * A warm invocation costs one write and one read here, and no timer.
 */
import type { Duplex } from "node:stream";
import { ByteAccumulator } from "../byte-accumulator.ts";
import { runtimeLimits } from "../limits.ts";
import type {
  FunctionLogLine,
  InitializeOptions,
  InitializeOutcome,
  InvocationOutcome,
  RuntimeInvocation,
  RuntimeSession,
} from "../port.ts";
import { FrameReader } from "./frame-reader.ts";
import {
  type AnswerBody,
  decodeAnswer,
  decodeLog,
  encodeInitialize,
  encodeInvokeHead,
  maxBodyBytes,
  protocolVersion,
  runtimeFrame,
} from "./frames.ts";

export interface FramedSessionOptions {
  /** Stream socket to the bootstrap; the session owns it from now on. */
  readonly channel: Duplex;
  /** Called for each line, before the answer of the invocation that wrote it is given. */
  readonly onLog: (line: FunctionLogLine) => void;
  /** Largest payload of a response; see `limits.responsePayloadBytes`. */
  readonly maxResponseBytes: number;
}

export function createFramedSession(options: FramedSessionOptions): RuntimeSession {
  return new FramedSession(options);
}

type State =
  | "booting"
  | "booted"
  | "initializing"
  | "ready"
  | "running"
  | "answered"
  | "init-failed"
  | "ended";

const alreadySettled = Promise.resolve();

class FramedSession implements RuntimeSession {
  readonly #channel: Duplex;
  readonly #onLog: (line: FunctionLogLine) => void;
  readonly #maxResponseBytes: number;
  readonly #parts: ByteAccumulator;
  readonly #booted = Promise.withResolvers<void>();
  readonly #failed = Promise.withResolvers<{ readonly reason: string }>();
  #state: State = "booting";
  #partsTooLarge = false;
  #resolveInitialize: ((outcome: InitializeOutcome) => void) | undefined;
  #resolveInvoke: ((outcome: InvocationOutcome) => void) | undefined;
  #settled: PromiseWithResolvers<void> | undefined;

  constructor(options: FramedSessionOptions) {
    this.#channel = options.channel;
    this.#onLog = options.onLog;
    this.#maxResponseBytes = options.maxResponseBytes;
    this.#parts = new ByteAccumulator(options.maxResponseBytes);
    const reader = new FrameReader(maxBodyBytes(options.maxResponseBytes), (type, body) =>
      this.#receive(type, body),
    );
    const closed = () => this.#fail("the runtime closed its socket");
    this.#channel
      .on("data", (chunk: Buffer) => {
        const violation = reader.push(chunk);
        if (violation !== undefined) this.#fail(violation);
      })
      .on("end", closed)
      .on("close", closed)
      .on("error", (error) => this.#fail(`the runtime's socket failed: ${error.message}`));
  }

  get booted(): Promise<void> {
    return this.#booted.promise;
  }

  get failed(): Promise<{ readonly reason: string }> {
    return this.#failed.promise;
  }

  initialize(options: InitializeOptions): Promise<InitializeOutcome> {
    this.#leave("booted", "initializing");
    return new Promise((resolve) => {
      if (this.#state === "ended") return;
      this.#resolveInitialize = resolve;
      const { environment, handler } = options;
      const maxResponseBytes = this.#maxResponseBytes;
      const document = JSON.stringify({ environment, handler, maxResponseBytes });
      this.#channel.write(encodeInitialize(document));
    });
  }

  invoke(invocation: RuntimeInvocation): Promise<InvocationOutcome> {
    this.#leave("ready", "running");
    return new Promise((resolve) => {
      if (this.#state === "ended") return;
      this.#resolveInvoke = resolve;
      this.#writeInvoke(invocation);
    });
  }

  settled(): Promise<void> {
    if (this.#state === "ready") return alreadySettled;
    this.#settled ??= Promise.withResolvers<void>();
    return this.#settled.promise;
  }

  close(): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#channel.destroy();
  }

  /** The caller's order is checked loudly: a mistake there is ours, not the function's. */
  #leave(from: State, to: State): void {
    if (this.#state === "ended") return;
    if (this.#state !== from) throw new Error(`session is ${this.#state}, not ${from}`);
    this.#state = to;
  }

  #writeInvoke({ event, ...header }: RuntimeInvocation): void {
    const document = JSON.stringify(header);
    if (event.length <= runtimeLimits.singleWriteBytes) {
      const frame = encodeInvokeHead(document, event.length, event.length);
      frame.set(event, frame.length - event.length);
      this.#channel.write(frame);
      return;
    }
    this.#channel.cork();
    this.#channel.write(encodeInvokeHead(document, event.length, 0));
    this.#channel.write(event);
    this.#channel.uncork();
  }

  #receive(type: number, body: Buffer): string | undefined {
    switch (type) {
      case runtimeFrame.log:
        return this.#receiveLog(body);
      case runtimeFrame.response:
      case runtimeFrame.error:
      case runtimeFrame.responseTooLarge:
        return this.#receiveAnswer(type, body);
      case runtimeFrame.responsePart:
        return this.#receivePart(body);
      case runtimeFrame.settled:
        return this.#receiveSettled();
      case runtimeFrame.bootReady:
        return this.#receiveBootReady(body);
      default:
        return this.#receiveInitEnd(type, body);
    }
  }

  #receiveLog(body: Buffer): string | undefined {
    if (this.#state === "booting") return "log line before boot-ready";
    const line = decodeLog(body, Date.now());
    if (line === undefined) return "malformed log line";
    if (this.#state !== "ended") this.#onLog(line);
    return undefined;
  }

  #receiveAnswer(type: number, body: Buffer): string | undefined {
    if (this.#state !== "running") return this.#unexpected("answer");
    const answer = decodeAnswer(body);
    if (answer === undefined) return "malformed answer";
    const outcome = this.#toOutcome(type, answer);
    const resolve = this.#resolveInvoke;
    this.#resolveInvoke = undefined;
    this.#state = "answered";
    resolve?.(outcome);
    return answer.settled ? this.#receiveSettled() : undefined;
  }

  #toOutcome(type: number, answer: AnswerBody): InvocationOutcome {
    const tooLarge = this.#partsTooLarge || type === runtimeFrame.responseTooLarge;
    this.#partsTooLarge = false;
    const parts = this.#parts.byteCount > 0 ? this.#parts.take() : undefined;
    if (type === runtimeFrame.error) {
      return { kind: "error", errorType: answer.label, payload: answer.payload };
    }
    const byteCount = (parts?.length ?? 0) + answer.payload.length;
    if (tooLarge || byteCount > this.#maxResponseBytes) return { kind: "response-too-large" };
    const payload = parts === undefined ? answer.payload : Buffer.concat([parts, answer.payload]);
    return answer.label === ""
      ? { kind: "response", payload }
      : { kind: "response", payload, contentType: answer.label };
  }

  #receivePart(body: Buffer): string | undefined {
    if (this.#state !== "running") return this.#unexpected("part of a response");
    if (!this.#partsTooLarge && !this.#parts.append(body)) {
      this.#partsTooLarge = true;
      this.#parts.take();
    }
    return undefined;
  }

  #receiveSettled(): string | undefined {
    if (this.#state !== "answered") return this.#unexpected("settled");
    this.#state = "ready";
    this.#settled?.resolve();
    this.#settled = undefined;
    return undefined;
  }

  #receiveBootReady(body: Buffer): string | undefined {
    if (this.#state !== "booting") return this.#unexpected("boot-ready");
    if (body[0] !== protocolVersion) return `protocol version ${body[0]}, not ${protocolVersion}`;
    this.#state = "booted";
    this.#booted.resolve();
    return undefined;
  }

  #receiveInitEnd(type: number, body: Buffer): string | undefined {
    if (this.#state !== "initializing") return this.#unexpected("end of init");
    const resolve = this.#resolveInitialize;
    this.#resolveInitialize = undefined;
    if (type === runtimeFrame.initDone) {
      this.#state = "ready";
      resolve?.({ kind: "ready" });
      return undefined;
    }
    const answer = decodeAnswer(body);
    if (answer === undefined) return "malformed init error";
    this.#state = "init-failed";
    resolve?.({ kind: "error", errorType: answer.label, payload: answer.payload });
    return undefined;
  }

  #unexpected(what: string): string {
    return `unexpected ${what} while ${this.#state}`;
  }

  #fail(reason: string): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#failed.resolve({ reason });
    this.#channel.destroy();
  }
}
