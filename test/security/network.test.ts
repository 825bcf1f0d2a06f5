/**
 * Scenario: a function knocks at every door it can think of. The host that Paddock runs on (a test
 * host, all of whose addresses are the test's) has listeners on its loopback, on private and shared
 * addresses, and where clouds hand out credentials; so has the function next door.
 */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { describeEscapes, type Escape, prisonerIn } from "./support/escapes.ts";
import { addresses } from "./support/host-addresses.ts";
import { languages } from "./support/languages.ts";
import { access, admit, attempt, attemptOne, secret, tell } from "./support/prison.ts";

const neighbour = "network-neighbour";
const neighbourPort = "5555";
const abstractName = `@${secret("host-socket")}`;
const pathName = join(tmpdir(), `${secret("host")}.sock`);
const loopback = ["127.0.0.1", "127.0.0.2", "0.0.0.0", "169.254.100.1", "::1"];
/** What may be said: there is no way, or nobody behind it. Silence is no answer. */
const noWay = [
  "EACCES",
  "EADDRNOTAVAIL",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPERM",
  "ETIMEDOUT",
];
const wellKnownPort = 80;

let port = 0;
const reached: string[] = [];
const closers: (() => void)[] = [];

function expectNobodyReached(): void {
  expect(reached).toEqual([]);
}

const note = (where: string) => (): void => void reached.push(where);

async function listenTcp(host: string, wanted: number): Promise<number> {
  const server = createServer((socket) => {
    reached.push(`tcp ${host}`);
    socket.destroy();
  });
  server.listen({ host, port: wanted, ipv6Only: host.includes(":") });
  await once(server, "listening");
  closers.push(() => server.close());
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function listenLocal(path: string): Promise<Server> {
  const server = createServer(note(`unix ${path}`));
  server.listen({ path: path.replace("@", "\0") });
  await once(server, "listening");
  closers.push(() => server.close());
  return server;
}

async function listenUdp(host: string): Promise<Socket> {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  socket.on("message", note(`udp ${host}`));
  socket.bind(port, host);
  await once(socket, "listening");
  closers.push(() => socket.close());
  return socket;
}

beforeAll(async () => {
  port = await listenTcp("127.0.0.1", 0);
  const others = ["127.0.0.2", "::1", ...addresses];
  await Promise.all(others.map((host) => listenTcp(host, port)));
  await Promise.all(addresses.map((host) => listenTcp(host, wellKnownPort)));
  await Promise.all(["127.0.0.1", ...others].map(listenUdp));
  await Promise.all([listenLocal(abstractName), listenLocal(pathName)]);
  await admit(neighbour, "python");
  await tell(neighbour, "serve", neighbourPort);
  await tell(neighbour, "listen", "@neighbour");
  await tell(neighbour, "listen", "/tmp/neighbour.sock");
});

afterAll(() => {
  for (const close of closers) close();
  rmSync(pathName, { force: true });
});

afterEach(expectNobodyReached);

const places = [...loopback, ...addresses];
const rows: readonly Escape[] = [
  ...places.map((host) => ({
    what: `connects to a listener of the host at ${host}`,
    attempt: () => ["tcp", host, String(port)],
    refusal: noWay,
  })),
  ...addresses.map((host) => ({
    what: `asks for credentials at ${host}`,
    attempt: ["tcp", host, String(wellKnownPort)],
    refusal: noWay,
  })),
  {
    what: "connects to the function next door by the address that all have",
    attempt: ["tcp", "169.254.100.1", neighbourPort],
    refusal: ["ECONNREFUSED"],
  },
  {
    what: "connects to an abstract socket of the host",
    attempt: ["unix", abstractName],
    refusal: ["ECONNREFUSED"],
  },
  { what: "connects to a socket of the host", attempt: ["unix", pathName], refusal: ["ENOENT"] },
  {
    what: "connects to an abstract socket of the function next door",
    attempt: ["unix", "@neighbour"],
    refusal: ["ECONNREFUSED"],
  },
  {
    what: "connects to a socket of the function next door",
    attempt: ["unix", "/tmp/neighbour.sock"],
    refusal: ["ENOENT"],
  },
  ...["/run/dbus/system_bus_socket", "/run/docker.sock", "/var/run/docker.sock"].map((path) => ({
    what: `connects to ${path}`,
    attempt: ["unix", path],
    refusal: ["ENOENT"],
  })),
];

describeEscapes("the network", rows);

describe.each(languages)("a function (%s)", (language) => {
  const name = prisonerIn(language);

  it("reaches none of Paddock's own servers on any address", async () => {
    const ports = listeningPorts();
    expect(ports).toEqual(expect.arrayContaining([access.port, port, wellKnownPort]));
    // Control, Redis, PostgreSQL and NATS besides.
    expect(ports.length).toBeGreaterThanOrEqual(7);
    const doors = places.flatMap((host) => ports.map((each) => [host, String(each)] as const));
    const outcomes = await attempt(
      name,
      doors.map(([host, each]) => ["tcp", host, each]),
    );
    for (const [index, { errno }] of outcomes.entries()) {
      expect(noWay, doors[index]?.join(":")).toContain(errno);
    }
  });

  it("sends no datagram to anybody", async () => {
    await attempt(
      name,
      places.map((host) => ["udp", host, String(port)]),
    );
    // What would have come has come by the time that a later connection is there.
    expect((await attemptOne(name, "tcp", "127.0.0.1", String(port))).value).toBeUndefined();
    expect(reached).toEqual([]);
  });

  it("has a loopback of its own, which works", async () => {
    const own = "6666";
    const outcomes = await attempt(name, [
      ["serve", own],
      ["tcp", "127.0.0.1", own],
    ]);
    expect(outcomes).toEqual([{ value: "listening" }, { value: "connected" }]);
    expect(await attemptOne(neighbour, "tcp", "127.0.0.1", own)).toEqual({ errno: "ECONNREFUSED" });
  });
});

/** Whatever listens on the host: Paddock's servers, and the listeners of this test. */
function listeningPorts(): number[] {
  const LISTENS = "0A";
  const tables = ["tcp", "tcp6"].map((name) => readFileSync(`/proc/self/net/${name}`, "utf8"));
  const rows = tables.flatMap((table) => table.trim().split("\n").slice(1));
  const listening = rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state]) => state === LISTENS);
  return [...new Set(listening.map(([, local = ""]) => Number(`0x${local.split(":")[1]}`)))];
}
