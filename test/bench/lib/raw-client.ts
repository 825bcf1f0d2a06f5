/**
 * A closed-loop HTTP/1.1 client: as many connections as asked for, each with one request under way.
 * Written on bare sockets because the client shares the two cores with what it measures. It reads
 * status and Content-Length only; an answer without one is an error.
 */
import { connect, type Socket } from "node:net";

export interface LoadOptions {
  readonly host: string;
  readonly port: number;
  /** The whole request: line, headers, body. Sent unchanged each time. */
  readonly request: string;
  readonly connections: number;
  readonly durationMs: number;
  /** Requests after which it ends earlier. */
  readonly maxRequests?: number;
}

export interface LoadResult {
  readonly samplesMs: readonly number[];
  readonly elapsedMs: number;
  readonly errors: number;
  /** First answer that was no 2xx, for the error message. */
  readonly firstError: string | undefined;
}

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const run = new LoadRun(options);
  await Promise.all(Array.from({ length: options.connections }, () => run.connection()));
  return run.result();
}

class LoadRun {
  readonly #options: LoadOptions;
  readonly #samplesMs: number[] = [];
  readonly #startedAt = performance.now();
  readonly #endAt: number;
  #sent = 0;
  #errors = 0;
  #firstError: string | undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#endAt = this.#startedAt + options.durationMs;
  }

  result(): LoadResult {
    return {
      samplesMs: this.#samplesMs,
      elapsedMs: performance.now() - this.#startedAt,
      errors: this.#errors,
      firstError: this.#firstError,
    };
  }

  connection(): Promise<void> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true });
      const reader = new AnswerReader((status, text) => {
        this.#record(sentAt, status, text);
        if (!this.#mayGoOn()) {
          socket.destroy();
          resolve();
        } else sentAt = this.#send(socket);
      });
      let sentAt = 0;
      socket.on("connect", () => (sentAt = this.#send(socket)));
      socket.on("data", (chunk: Buffer) => reader.push(chunk));
      socket.on("error", reject);
      socket.on("end", () => reject(new Error("the server closed the connection")));
    });
  }

  #send(socket: Socket): number {
    this.#sent += 1;
    socket.write(this.#options.request);
    return performance.now();
  }

  #record(sentAt: number, status: number, text: string): void {
    this.#samplesMs.push(performance.now() - sentAt);
    if (status >= 200 && status < 300) return;
    this.#errors += 1;
    this.#firstError ??= text.slice(0, 400);
  }

  #mayGoOn(): boolean {
    const left = this.#options.maxRequests === undefined || this.#sent < this.#options.maxRequests;
    return left && performance.now() < this.#endAt;
  }
}

export class AnswerReader {
  readonly #onAnswer: (status: number, text: string) => void;
  #pending = "";

  constructor(onAnswer: (status: number, text: string) => void) {
    this.#onAnswer = onAnswer;
  }

  push(chunk: Buffer): void {
    this.#pending += chunk.toString("latin1");
    const headEnd = this.#pending.indexOf("\r\n\r\n");
    if (headEnd === -1) return;
    const status = Number(this.#pending.slice(9, 12));
    const total = headEnd + 4 + bodyBytes(this.#pending.slice(0, headEnd), status);
    if (this.#pending.length < total) return;
    const text = this.#pending.slice(0, total);
    this.#pending = this.#pending.slice(total);
    this.#onAnswer(status, text);
  }
}

function bodyBytes(head: string, status: number): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return Number(length);
  if (status === 204) return 0;
  throw new Error(`an answer without Content-Length:\n${head}`);
}
