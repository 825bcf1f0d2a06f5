/**
 * A machine of the test's own: the calling thread's network, and that of what it starts from now on,
 * becomes one that has nothing to do with the real one. Behind its only device lies an "outside" with
 * everything that functions try to reach. All of these addresses exist in that namespace only.
 */
import { createSocket, type Socket } from "node:dgram";
import { connect, createServer, type Server } from "node:net";
import { addAddress, addRoute, bringUp, createVethPair, LOOPBACK } from "../kernel/links.ts";
import { NetlinkSocket } from "../kernel/netlink.ts";
import {
  bindTcp,
  bindUdp,
  enterNetworkNamespace,
  makeNetworkNamespace,
  openNetworkNamespace,
} from "../kernel/network.ts";
import { answerLookup } from "./name-server.fixture.ts";
import { setSwitch } from "./wiring/system-switches.ts";

export const PORT = 8080;
export const OUTSIDE = "203.0.113.10";
export const NAME_SERVER = "10.0.0.53";
/** Of the machine itself; no range says that it is one. */
export const OWN_ADDRESS = "198.51.100.2";
/** Behind the machine's device, and not for functions. */
export const PRIVATE_HOST = "10.1.2.3";
export const METADATA = "169.254.169.254";
export const standIns = {
  "a private host": PRIVATE_HOST,
  "another private host": "172.16.5.5",
  "a host of a home network": "192.168.7.7",
  "a host behind carrier-grade NAT": "100.64.9.9",
  "a link-local host": "169.254.7.7",
  "the metadata service": METADATA,
  "the metadata service of Azure": "168.63.129.16",
  "the metadata service of Oracle": "192.0.0.192",
  "a benchmark network": "198.18.0.9",
} as const;

const everywhere = [OUTSIDE, "203.0.113.11", NAME_SERVER, ...Object.values(standIns)];
const MACHINE_DEVICE = { name: "lan0", index: 2 };
const OUTSIDE_DEVICE = { name: "out0", index: 2 };

/** Of Paddock's servers, on the machine's loopback and on all of its addresses. */
export const serverPorts = { nats: 4222, redis: 4576, postgres: 4577, control: 4575 } as const;

export class TestMachine {
  /** Connections and datagrams that arrived, as `address:port`, at the outside or at the machine. */
  readonly reached: string[] = [];
  readonly #before = openNetworkNamespace();
  readonly #outside: number;
  readonly #servers: Server[] = [];
  readonly #sockets: Socket[] = [];

  private constructor() {
    this.#outside = makeNetworkNamespace();
    const streams = [PORT, 25].map((port) => bindTcp("0.0.0.0", port));
    const outsideLinks = NetlinkSocket.open();
    outsideLinks.run(bringUp(LOOPBACK), ...everywhere.map((at) => addAddress(LOOPBACK, at, 32)));
    const datagrams = everywhere.map((address) => bindUdp(address, PORT));
    const lookups = bindUdp(NAME_SERVER, 53);
    streams.push(bindTcp(NAME_SERVER, 53));
    makeNetworkNamespace();
    // A new namespace takes over what the real machine has, where something may have switched it on.
    setSwitch("ipv4/ip_forward", "0");
    const links = NetlinkSocket.open();
    links.run(
      bringUp(LOOPBACK),
      createVethPair(MACHINE_DEVICE, { ...OUTSIDE_DEVICE, namespace: this.#outside }, 1500),
      bringUp(MACHINE_DEVICE.index),
      addAddress(MACHINE_DEVICE.index, OWN_ADDRESS, 24),
      addRoute("0.0.0.0", 0, MACHINE_DEVICE.index),
    );
    outsideLinks.run(
      bringUp(OUTSIDE_DEVICE.index),
      addAddress(OUTSIDE_DEVICE.index, "198.51.100.1", 24),
    );
    links.close();
    outsideLinks.close();
    for (const fd of streams) this.#serve({ fd });
    for (const port of [PORT, ...Object.values(serverPorts)]) this.#serve({ port });
    for (const fd of datagrams) this.#echo(fd);
    this.#answerLookups(lookups);
  }

  static enter(): TestMachine {
    return new TestMachine();
  }

  /** One more address of the machine's own. */
  addOwnAddress(address: string): void {
    const links = NetlinkSocket.open();
    links.run(addAddress(MACHINE_DEVICE.index, address, 32));
    links.close();
  }

  /** Of the machine's network: `ipv4/ip_forward`. */
  setSwitch(name: string, value: string): void {
    setSwitch(name, value);
  }

  /** What a process of the machine itself gets from there. */
  ask(address: string, port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      connect(port, address)
        .on("data", (data) => resolve(data.toString()))
        .on("error", reject);
    });
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.close();
    enterNetworkNamespace(this.#before);
  }

  #serve(where: { readonly fd: number } | { readonly port: number }): void {
    const server = createServer((socket) => {
      this.reached.push(`${socket.localAddress}:${socket.localPort}`);
      socket.on("error", () => undefined);
      socket.end(`from ${socket.remoteAddress}`);
    });
    server.listen({ ...where, host: "0.0.0.0" });
    this.#servers.push(server);
  }

  #echo(fd: number): void {
    const socket = createSocket("udp4");
    socket.on("message", (message, from) => {
      this.reached.push(`${socket.address().address}:${socket.address().port}/udp`);
      socket.send(message, from.port, from.address);
    });
    socket.bind({ fd });
    this.#sockets.push(socket);
  }

  #answerLookups(fd: number): void {
    const socket = createSocket("udp4");
    socket.on("message", (query, from) => {
      socket.send(answerLookup(query, OUTSIDE), from.port, from.address);
    });
    socket.bind({ fd });
    this.#sockets.push(socket);
  }
}
