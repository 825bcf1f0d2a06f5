/**
 * What the calling thread does inside another network namespace. A socket stays in the namespace
 * that it was made in, so a listener made there serves there.
 */
import { closeSync, constants, openSync } from "node:fs";
import { sandboxLimits } from "../limits.ts";
import { call } from "./libc.ts";
import { littleEndian } from "./processes.ts";

const CLONE_NEWNET = 0x4000_0000;
const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2_000_000;
const IPPROTO_IP = 0;
const IP_FREEBIND = 15;
const SIOCSIFADDR = 0x8916;
const SIOCSIFNETMASK = 0x891c;
const IFREQ_BYTES = 40;
const IFREQ_ADDRESS_OFFSET = 16;

/** The network namespace of the process, or of the calling thread when it has gone elsewhere. */
export function openNetworkNamespace(pid: number | "thread-self"): number {
  return openSync(`/proc/${pid}/ns/net`, constants.O_RDONLY);
}

export function enterNetworkNamespace(namespace: number): void {
  call("setns", "enter a network namespace", namespace, CLONE_NEWNET);
}

/** Gives the loopback device one more address, for itself alone (/32). */
export function addLoopbackAddress(address: string): void {
  const fd = call("socket", "open a control socket", AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  try {
    const doing = `add ${address} to the loopback device`;
    call("ioctl", doing, fd, SIOCSIFADDR, interfaceRequest(address));
    call("ioctl", doing, fd, SIOCSIFNETMASK, interfaceRequest("255.255.255.255"));
  } finally {
    closeSync(fd);
  }
}

/**
 * A listening TCP socket in the current network namespace; the descriptor is the caller's. The
 * address may come to life later: bubblewrap brings the loopback device up in its own time.
 */
export function listenOn(address: string, port: number): number {
  const kind = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  const fd = call("socket", "open the listener", AF_INET, kind, 0);
  try {
    const on = new Uint8Array(new Int32Array([1]).buffer);
    call("setsockopt", "bind ahead of the device", fd, IPPROTO_IP, IP_FREEBIND, on, on.length);
    const socketAddress = internetAddress(address, port);
    call("bind", `bind ${address}:${String(port)}`, fd, socketAddress, socketAddress.length);
    call("listen", "listen in the sandbox", fd, sandboxLimits.listenerBacklog);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** struct ifreq with a name and an address: include/uapi/linux/if.h. */
function interfaceRequest(address: string): Uint8Array {
  const request = new Uint8Array(IFREQ_BYTES);
  request.set(new TextEncoder().encode("lo:1"));
  request.set(internetAddress(address, 0), IFREQ_ADDRESS_OFFSET);
  return request;
}

/** struct sockaddr_in. */
function internetAddress(address: string, port: number): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_INET, littleEndian);
  view.setUint16(2, port);
  bytes.set(address.split(".").map(Number), 4);
  return bytes;
}
