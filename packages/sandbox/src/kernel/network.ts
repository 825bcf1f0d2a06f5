/**
 * Network namespaces, as the calling thread sees them, and sockets made in one. A socket stays in
 * the namespace that it was made in, whichever thread uses it later.
 */
import { closeSync, constants, openSync } from "node:fs";
import { call } from "./libc.ts";
import { ipv4Bytes } from "./links.ts";
import { littleEndian } from "./processes.ts";

const CLONE_NEWNET = 0x4000_0000;
const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2_000_000;

/** By default of the calling thread; the namespace lives at least as long as the descriptor. */
export function openNetworkNamespace(path = "/proc/thread-self/ns/net"): number {
  return openSync(path, constants.O_RDONLY);
}

/** A new and empty one; the calling thread is in it afterwards. */
export function makeNetworkNamespace(): number {
  call("unshare", "make a network namespace", CLONE_NEWNET);
  return openNetworkNamespace();
}

export function enterNetworkNamespace(namespace: number): void {
  call("setns", "enter a network namespace", namespace, CLONE_NEWNET);
}

/** A socket that has its address and does not listen yet. */
export function bindTcp(address: string, port: number): number {
  return bound(SOCK_STREAM, address, port);
}

export function bindUdp(address: string, port: number): number {
  return bound(SOCK_DGRAM, address, port);
}

function bound(kind: number, address: string, port: number): number {
  const doing = `bind ${address}:${String(port)}`;
  const fd = call("socket", doing, AF_INET, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  try {
    const socketAddress = internetAddress(address, port);
    call("bind", doing, fd, socketAddress, socketAddress.length);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** struct sockaddr_in. */
function internetAddress(address: string, port: number): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_INET, littleEndian);
  view.setUint16(2, port);
  bytes.set(ipv4Bytes(address), 4);
  return bytes;
}
