/** What functions reach and what they do not, on a machine that the test makes. Root is needed. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SERVICE_ADDRESS } from "./address-plan.ts";
import { languages, type Target } from "./attempts.fixture.ts";
import {
  OUTSIDE,
  OWN_ADDRESS,
  PORT,
  PRIVATE_HOST,
  serverPorts,
  standIns,
  TestMachine,
} from "./test-machine.fixture.ts";
import { ways, WorkerProcess } from "./worker-process.fixture.ts";

let machine: TestMachine;
beforeAll(() => {
  machine = TestMachine.enter();
});
afterEach(() => {
  machine.reached.length = 0;
});
afterAll(() => machine.close());

/** Of the outside, as far as anybody can tell. */
const OUR_SERVER = { host: "203.0.113.11", port: PORT };
const orders = {
  name: "orders",
  allow: [
    { cidr: `${PRIVATE_HOST}/32`, ports: [{ first: 1, last: PORT }], protocol: "tcp" },
    { cidr: `${OWN_ADDRESS}/32`, ports: [{ first: PORT, last: PORT }] },
  ],
} as const;
const home = { name: "home", allow: [{ cidr: "192.168.0.0/16" }] };

describe("the machine of this test", () => {
  it("reaches by itself all that functions must not reach", async () => {
    for (const address of [...Object.values(standIns), OUR_SERVER.host]) {
      expect(await machine.ask(address, PORT)).toBe(`from ${OWN_ADDRESS}`);
    }
    for (const port of Object.values(serverPorts)) {
      expect(await machine.ask("127.0.0.1", port)).toBe("from 127.0.0.1");
    }
  });
});

describe.each(ways)("functions that are led out by $way", ({ way, asRoot }) => {
  let worker: WorkerProcess;
  beforeAll(async () => {
    worker = await WorkerProcess.start({
      asRoot,
      allowLists: [orders, home],
      ours: [OUR_SERVER],
      lambdaApi: { host: "127.0.0.1", port: PORT },
    });
  });
  afterAll(() => worker.close());

  it("say so at the start", () => {
    expect(worker.features).toContain(`network: egress by ${way}`);
  });

  it.each(languages)("reach the outside by TCP, by UDP and by name (%s)", async (language) => {
    const targets: Target[] = [
      { host: OUTSIDE, port: PORT },
      { host: OUTSIDE, port: PORT, protocol: "udp" },
      { host: "somewhere.example", port: PORT },
    ];
    const reached = [`from ${OWN_ADDRESS}`, "echo", `from ${OWN_ADDRESS}`];
    expect(await worker.attempt(language, targets)).toEqual(reached);
  });

  it.each(languages)(
    "are refused at once whatever is private, metadata or ours (%s)",
    async (language) => {
      const hosts = [...Object.values(standIns), OWN_ADDRESS, "169.254.255.1", "169.254.255.2"];
      const servers = Object.values(serverPorts).flatMap((port) =>
        [OWN_ADDRESS, "127.0.0.1", SERVICE_ADDRESS].map((host) => ({ host, port })),
      );
      const mail = { host: OUTSIDE, port: 25 };
      const streams = [
        ...hosts.map((host) => ({ host, port: PORT })),
        ...servers,
        OUR_SERVER,
        mail,
      ];
      expect(await worker.attempt(language, streams)).toEqual(streams.map(() => "ECONNREFUSED"));
      const datagrams = hosts.map((host) => ({ host, port: PORT, protocol: "udp" }) as const);
      expect(await worker.attempt(language, datagrams)).toEqual(
        datagrams.map(() => "EHOSTUNREACH"),
      );
      expect(machine.reached).toEqual([]);
    },
  );

  it("send nothing to groups or to everybody", async () => {
    const script =
      "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n" +
      "s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)\n" +
      "for a in ['224.0.0.1', '239.1.2.3', '255.255.255.255', '198.51.100.255']:\n" +
      `  try: s.sendto(b'all', (a, ${PORT}))\n  except OSError: pass\n`;
    await worker.run(["/usr/bin/python3", "-c", script]);
    expect(machine.reached).toEqual([]);
  });

  it("have no IPv6 but their own loopback", async () => {
    const script =
      "cat /proc/net/if_inet6; exec /usr/bin/python3 -c 'import socket\n" +
      'for a in ["2001:db8::1", "fe80::1", "fc00::1", "::ffff:10.1.2.3"]:\n' +
      "  try: socket.create_connection((a, 8080), 3); print(a)\n" +
      "  except OSError as e: print(e.errno)'";
    const { stdout } = await worker.run(["/bin/sh", "-c", script]);
    const [address, ...errors] = stdout.trim().split("\n");
    expect(address).toMatch(/^0{31}1 .* lo$/);
    // ENETUNREACH, EINVAL for a link-local address without a device, ECONNREFUSED for IPv4's.
    expect(errors).toEqual(["101", "22", "101", "111"]);
  });

  it("reach what their allow-list names, and nothing else of it", async () => {
    const targets: Target[] = [
      { host: PRIVATE_HOST, port: PORT },
      { host: PRIVATE_HOST, port: PORT, protocol: "udp" },
      { host: PRIVATE_HOST, port: PORT + 1 },
      { host: "10.1.2.4", port: PORT },
      { host: standIns["a host of a home network"], port: PORT },
      { host: standIns["the metadata service"], port: PORT },
      { host: OWN_ADDRESS, port: serverPorts.redis },
    ];
    const refused = [
      "ECONNREFUSED",
      "ECONNREFUSED",
      "ECONNREFUSED",
      "ECONNREFUSED",
      "ECONNREFUSED",
    ];
    const from = `from ${OWN_ADDRESS}`;
    const access = { allowList: "orders" };
    expect(await worker.attempt("node", targets, access)).toEqual([
      from,
      "EHOSTUNREACH",
      ...refused,
    ]);
  });

  it("reach what another list names only if it is theirs", async () => {
    const [host, other] = [standIns["a host of a home network"], PRIVATE_HOST];
    const targets: Target[] = [
      { host, port: PORT },
      { host, port: PORT, protocol: "udp" },
      { host: other, port: PORT },
      { host: OWN_ADDRESS, port: PORT },
    ];
    const from = `from ${OWN_ADDRESS}`;
    const refused = ["ECONNREFUSED", "ECONNREFUSED"];
    expect(await worker.attempt("python", targets, { allowList: "home" })).toEqual([
      from,
      "echo",
      ...refused,
    ]);
  });

  it("reach a server of the machine itself if their list says so", async () => {
    const targets = [{ host: OWN_ADDRESS, port: PORT }];
    const [said] = await worker.attempt("node", targets, { allowList: "orders" });
    expect(said).toMatch(/^from /);
  });

  it("reach the Lambda API at the service address if they may", async () => {
    const api = { host: SERVICE_ADDRESS, port: PORT };
    const targets = [api, { host: PRIVATE_HOST, port: PORT }];
    const apiOnly = ["from 127.0.0.1", "ECONNREFUSED"];
    expect(await worker.attempt("node", targets, { lambdaApi: true })).toEqual(apiOnly);
    const both = ["from 127.0.0.1", `from ${OWN_ADDRESS}`];
    const access = { allowList: "orders", lambdaApi: true };
    expect(await worker.attempt("node", targets, access)).toEqual(both);
    const listOnly = ["ECONNREFUSED", `from ${OWN_ADDRESS}`];
    expect(await worker.attempt("node", targets, { allowList: "orders" })).toEqual(listOnly);
  });
});
