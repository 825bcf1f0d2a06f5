/**
 * Passes lookups (DNS over UDP) on to the machine's name servers, and their answers back. Nothing is
 * read or kept: every lookup has a socket of its own, so that only its server can answer it, and the
 * port is as hard to guess as the kernel makes it.
 */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { sandboxLimits } from "../../limits.ts";
import { Quota } from "./quota.ts";

const DNS_PORT = 53;
const HEADER_BYTES = 12;
const IS_ANSWER = 0x80;
const SERVER_FAILED = 2;

export class LookupDatagrams {
  readonly #socket: Socket;
  readonly #resolvers: () => readonly string[];
  readonly #quota = new Quota(sandboxLimits.lookupsOfEach, sandboxLimits.lookups);

  constructor(descriptor: number, resolvers: () => readonly string[]) {
    this.#resolvers = resolvers;
    this.#socket = createSocket("udp4");
    this.#socket.on("message", (query, from) => void this.#pass(query, from));
    // An answer that cannot be delivered is lost, as datagrams are.
    this.#socket.on("error", () => undefined);
    this.#socket.bind({ fd: descriptor });
  }

  async #pass(query: Buffer, from: RemoteInfo): Promise<void> {
    if (query.length < HEADER_BYTES || !this.#quota.enter(from.address)) return;
    try {
      const answer = await this.#firstAnswer(query);
      this.#socket.send(answer ?? failure(query), from.port, from.address);
    } finally {
      this.#quota.leave(from.address);
    }
  }

  async #firstAnswer(query: Buffer): Promise<Buffer | undefined> {
    for (const resolver of this.#resolvers()) {
      const answer = await ask(resolver, query);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }
}

/** Undefined when the server does not answer in time, or refuses. */
function ask(resolver: string, query: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(resolver.replace(/%.*$/, "")) ? "udp6" : "udp4");
    const finish = (answer: Buffer | undefined): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on("error", () => undefined);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(undefined), sandboxLimits.lookupMs);
    socket.on("error", () => finish(undefined));
    socket.on("message", (answer) => {
      if (isAnswerTo(query, answer)) finish(answer);
    });
    // Connected: the kernel hands on what comes from this server, and says when nobody is there.
    socket.on("connect", () => socket.send(query));
    socket.connect(DNS_PORT, resolver);
  });
}

function isAnswerTo(query: Buffer, answer: Buffer): boolean {
  return answer.length >= HEADER_BYTES && answer.readUInt16BE(0) === query.readUInt16BE(0);
}

/** So that the function is told now, not after its own time-out. */
function failure(query: Buffer): Buffer {
  const answer = Buffer.from(query);
  answer[2] = (answer[2] ?? 0) | IS_ANSWER;
  answer[3] = SERVER_FAILED;
  return answer;
}
