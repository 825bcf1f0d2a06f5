/** Passes connections on to one address of the machine's network, byte by byte. */
import { connect, Server, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { sandboxLimits } from "../../limits.ts";
import type { StreamTarget } from "../port.ts";
import type { Quota } from "./quota.ts";

export interface StreamsOptions {
  readonly descriptor: number;
  /** Undefined: nobody is there, and the connection ends. */
  readonly target: () => StreamTarget | undefined;
  readonly quota: Quota;
  /** A connection on which nothing happens for so long ends. */
  readonly idleMs: number;
}

export function passStreams({ descriptor, idleMs, quota, target }: StreamsOptions): void {
  const server = new Server({ allowHalfOpen: true });
  server.on("connection", (near) => {
    const who = near.remoteAddress ?? "";
    const to = target();
    if (to === undefined || !quota.enter(who)) {
      near.destroy();
      return;
    }
    near.on("close", () => quota.leave(who));
    join(near, connect({ ...to, allowHalfOpen: true }), idleMs);
  });
  server.listen({ fd: descriptor, backlog: sandboxLimits.listenerBacklog });
}

function join(near: Socket, far: Socket, idleMs: number): void {
  const end = (): void => {
    near.destroy();
    far.destroy();
  };
  near.setTimeout(idleMs, end);
  far.setTimeout(idleMs, end);
  // What broke one side ends both; the ends that are meant pass as they come.
  pipeline(near, far, (error) => (error ? end() : undefined));
  pipeline(far, near, (error) => (error ? end() : undefined));
}
