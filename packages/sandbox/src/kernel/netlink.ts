/**
 * Requests to the kernel about devices, addresses and routes (rtnetlink), as many as wiring a
 * sandbox needs. They go to the network namespace in which the socket was opened, whichever thread
 * sends them. A spawned `ip` costs 4 ms for what takes 0.1 ms here.
 *
 * Layouts: include/uapi/linux/{netlink,rtnetlink,if_link,if_addr,veth}.h, in the machine's byte order.
 */
import { closeSync } from "node:fs";
import { call, KernelError, errnoName } from "./libc.ts";
import { littleEndian } from "./processes.ts";

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2_000_000;
const NETLINK_ROUTE = 0;
const MSG_DONTWAIT = 0x40;
const NLMSG_ERROR = 2;
const NLM_F_REQUEST = 1;
const NLM_F_ACK = 4;
const HEADER_BYTES = 16;
/** Acknowledgements repeat the request they are about. */
const ANSWER_BYTES = 65_536;

/** What to do, and the message without its sequence number. */
export interface NetlinkRequest {
  readonly doing: string;
  readonly type: number;
  readonly flags: number;
  readonly body: Uint8Array;
}

export class NetlinkSocket {
  readonly #fd: number;
  readonly #answer = new Uint8Array(ANSWER_BYTES);

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Speaks to the network namespace that the calling thread is in now. */
  static open(): NetlinkSocket {
    const kind = SOCK_RAW | SOCK_CLOEXEC;
    return new NetlinkSocket(
      call("socket", "open a netlink socket", AF_NETLINK, kind, NETLINK_ROUTE),
    );
  }

  /** One after the other; throws KernelError at the first that the kernel refuses. */
  run(...requests: readonly NetlinkRequest[]): void {
    for (const request of requests) {
      const message = encode(request);
      call("send", request.doing, this.#fd, message, message.length, 0);
      // The kernel has answered by the time that the call returns.
      call("recv", request.doing, this.#fd, this.#answer, ANSWER_BYTES, MSG_DONTWAIT);
      checkAnswer(request, this.#answer);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function encode({ type, flags, body }: NetlinkRequest): Uint8Array {
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  header.setUint32(0, HEADER_BYTES + body.length, littleEndian);
  header.setUint16(4, type, littleEndian);
  header.setUint16(6, flags | NLM_F_REQUEST | NLM_F_ACK, littleEndian);
  return concat(new Uint8Array(header.buffer), body);
}

/** struct nlmsgerr: a negative error number, 0 for an acknowledgement. */
function checkAnswer({ doing }: NetlinkRequest, answer: Uint8Array): void {
  const view = new DataView(answer.buffer);
  const type = view.getUint16(4, littleEndian);
  const error = view.getInt32(HEADER_BYTES, littleEndian);
  if (type !== NLMSG_ERROR || error < 0) {
    throw new KernelError("netlink", doing, errnoName(-error));
  }
}

/** Any of the fixed structures, as a list of [bytes, value]. */
export function structure(...fields: readonly (readonly [1 | 2 | 4, number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 0)));
  let offset = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 1) view.setUint8(offset, value);
    else if (bytes === 2) view.setUint16(offset, value, littleEndian);
    else view.setUint32(offset, value >>> 0, littleEndian);
    offset += bytes;
  }
  return new Uint8Array(view.buffer);
}

/** struct rtattr, padded to the next one. */
export function attribute(type: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concat(...content);
  const length = 4 + body.length;
  const padding = new Uint8Array((4 - (length % 4)) % 4);
  return concat(structure([2, length], [2, type]), body, padding);
}

export function number(value: number): Uint8Array {
  return structure([4, value]);
}

/** Ends with a zero byte. */
export function text(value: string): Uint8Array {
  return new TextEncoder().encode(`${value}\0`);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
