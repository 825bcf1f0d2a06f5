/** What a function can do to its own network, and to that of others: nothing. Root is needed. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OUTSIDE, PORT, TestMachine } from "./test-machine.fixture.ts";
import { ways, WorkerProcess } from "./worker-process.fixture.ts";

let machine: TestMachine;
beforeAll(() => {
  machine = TestMachine.enter();
});
afterAll(() => machine.close());

const python = (script: string): string[] => ["/usr/bin/python3", "-c", script];

/** Each line is a statement; printed is the error's number, or `done`. */
function tryEach(statements: readonly string[]): string[] {
  return python(`
import fcntl, socket, struct
for statement in ${JSON.stringify(statements)}:
    try:
        exec(statement)
        print("done")
    except OSError as error:
        print(error.errno)
`);
}

const EPERM = "1";
const EADDRNOTAVAIL = "99";
const SIOCSIFFLAGS = 0x8914;
const SIOCSIFADDR = 0x8916;

describe.each(ways)("a function that is led out by $way", ({ asRoot }) => {
  let worker: WorkerProcess;
  beforeAll(async () => {
    worker = await WorkerProcess.start({ asRoot });
  });
  afterAll(() => worker.close());

  it("has no power over its own network, and no raw sockets", async () => {
    const inet = "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)";
    const link = "struct.pack('=IHHIIBxHiII', 32, 16, 5, 1, 0, 0, 0, 2, 0, 1)";
    const route = "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)";
    const { stdout, stderr } = await worker.run(
      tryEach([
        "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)",
        "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)",
        "socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)",
        "socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)",
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)",
        `fcntl.ioctl(${inet}, ${SIOCSIFFLAGS}, struct.pack('16sH14x', b'eth0', 0))`,
        `fcntl.ioctl(${inet}, ${SIOCSIFADDR}, struct.pack('16sHHI16x', b'eth0', 2, 0, 16909060))`,
        `s = ${route}; s.send(${link}); raise OSError(-struct.unpack('=i', s.recv(100)[16:20])[0], '')`,
        // A foreign source address: it can be bound ahead of its time, and nothing leaves with it.
        `s = ${inet}; s.setsockopt(socket.SOL_IP, 19, 1)`,
        `s = ${inet}; s.setsockopt(socket.SOL_IP, 15, 1); s.bind(('169.254.192.1', 0)); s.sendto(b'x', ('${OUTSIDE}', ${PORT}))`,
        `s = ${inet}; s.bind(('169.254.192.1', 0))`,
        "open('/proc/sys/net/ipv4/ip_forward', 'w')",
      ]),
    );
    expect(stderr).toBe("");
    const [socket1, socket2, packet1, packet2, netfilter, flags, address, netlink, ...rest] = stdout
      .trim()
      .split("\n");
    expect([socket1, socket2, packet1, packet2, netfilter]).toEqual(Array(5).fill(EPERM));
    expect([flags, address, netlink]).toEqual([EPERM, EPERM, EPERM]);
    const [transparent, foreign, notOwn, sysctl] = rest;
    expect(transparent).toBe(EPERM);
    expect(foreign).not.toBe("done");
    expect(notOwn).toBe(EADDRNOTAVAIL);
    // EROFS, EACCES
    expect(["30", "13"]).toContain(sysctl);
    expect(machine.reached).toEqual([]);
  });

  it("does not reach another sandbox, nor hear of it", async () => {
    const server = `
import fcntl, socket, struct
s = socket.create_server(("0.0.0.0", ${PORT}))
d = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); d.bind(("0.0.0.0", ${PORT}))
own = fcntl.ioctl(d, 0x8915, struct.pack("16s16x", b"eth0"))[20:24]
print("at", socket.inet_ntoa(own), flush=True)
d.settimeout(3600)
print("heard", d.recvfrom(100), flush=True)
`;
    const other = await worker.run(python(server), { stays: "at " });
    const host = /at (\S+)/.exec(other.stdout)?.[1] ?? "";
    expect(host).toMatch(/^169\.254\./);
    const targets = [
      { host, port: PORT },
      { host, port: PORT, protocol: "udp" },
    ] as const;
    const refused = ["ECONNREFUSED", "EHOSTUNREACH"];
    expect(await worker.attempt("node", targets)).toEqual(refused);
    expect(await worker.attempt("python", targets)).toEqual(refused);
  });
});
