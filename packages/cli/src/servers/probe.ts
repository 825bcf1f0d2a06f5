import { connect as connectTcp } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { cliLimits } from "../limits.ts";

export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/**
 * One short conversation: connects, sends `request`, resolves with what came back as soon as
 * `isWhole` says that it is an answer. Rejects when there is none in time.
 */
export function converse(
  target: ProbeTarget,
  request: string,
  isWhole: (answer: string) => boolean,
): Promise<string> {
  const { host, port } = target;
  return new Promise((resolve, reject) => {
    const socket = target.tls
      ? connectTls({ host, port, servername: host })
      : connectTcp(port, host);
    let answer = "";
    const finish = (settle: () => void) => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(cliLimits.probeTimeoutMs, () => finish(() => reject(new Error("no answer"))));
    socket.once("error", (error) => finish(() => reject(error)));
    socket.once("close", () => reject(new Error("it closed the connection")));
    if (request !== "") socket.write(request);
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString("latin1");
      if (isWhole(answer)) finish(() => resolve(answer));
      else if (answer.length > cliLimits.probeAnswerBytes) {
        finish(() => reject(new Error("an answer that is too long")));
      }
    });
  });
}

/** Repeats `attempt` until it resolves or `signal` is aborted; the caller bounds the time. */
export async function untilAnswers<Value>(
  attempt: () => Promise<Value>,
  signal: AbortSignal,
): Promise<Value> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      // A server that answers, but wrongly, will not answer differently a moment later.
      if (error instanceof WrongAnswer) throw error;
      await delay(cliLimits.pollMs, undefined, { signal });
    }
  }
}

/** The server is there, and is not one that Paddock can use. */
export class WrongAnswer extends Error {
  override readonly name = "WrongAnswer";
}
