/** One connection to the front door with one request at a time. */
import { connect, type Socket } from "node:net";
import { AnswerReader } from "../lib/raw-client.ts";

export interface Answer {
  readonly status: number;
  /** Head and body. */
  readonly text: string;
}

export class Caller {
  readonly #socket: Socket;
  #waiting: PromiseWithResolvers<Answer> | undefined;

  static async open(place: { readonly host: string; readonly port: number }): Promise<Caller> {
    const socket = connect({ ...place, noDelay: true });
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return new Caller(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    const reader = new AnswerReader((status, text) => this.#waiting?.resolve({ status, text }));
    socket.on("data", (chunk: Buffer) => reader.push(chunk));
    const fail = (error?: Error): void => {
      this.#waiting?.reject(error ?? new Error("the server closed the connection"));
    };
    socket.on("error", fail).on("end", fail);
  }

  ask(request: string): Promise<Answer> {
    this.#waiting = Promise.withResolvers<Answer>();
    this.#socket.write(request);
    return this.#waiting.promise;
  }

  close(): void {
    this.#socket.destroy();
  }
}
