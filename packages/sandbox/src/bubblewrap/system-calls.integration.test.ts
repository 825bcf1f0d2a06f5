/** The system call filter, asked from inside: perl can make any call by its number. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { SandboxProvider } from "../port.ts";
import { makePlaces, removePlaces, Sandboxes } from "../sandboxes.fixture.ts";
import { policy } from "../seccomp/policy.ts";
import { type SyscallName, syscallNumbers } from "../seccomp/syscalls.ts";
import { createBubblewrapProvider } from "./open.ts";

const EPERM = 1;
const ENOSYS = 38;
const EPROTONOSUPPORT = 93;
const errnos = { pretend: 0, EPERM, ENOSYS, EPROTONOSUPPORT };
const column = process.arch === "arm64" ? 1 : 0;
const places = makePlaces();
let provider: SandboxProvider;
let sandboxes: Sandboxes;

beforeAll(async () => {
  provider = await createBubblewrapProvider(places);
  sandboxes = new Sandboxes(provider);
});
afterEach(() => sandboxes.cleanUp());
afterAll(async () => {
  await provider.close();
  removePlaces(places);
});

const decidedByArguments = new Set(
  policy.filter(({ when }) => when !== undefined).flatMap(({ syscalls }) => syscalls),
);

/** Error number of each call, 0 for success; arguments are perl expressions. */
async function errorsOf(
  calls: readonly (readonly [name: SyscallName, ...string[]])[],
): Promise<number[]> {
  const statements = calls.map(([name, ...values]) => {
    const padded = [...values, ...Array<string>(6).fill("0")].slice(0, 6);
    return `$! = 0; $r = syscall(${syscallNumbers[name][column]}, ${padded.join(", ")}); print(($r < 0 ? $! + 0 : 0), "\\n");`;
  });
  const ran = await sandboxes.run(["/usr/bin/perl", "-e", `$| = 1; ${statements.join(" ")}`]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  return ran.stdout.trim().split("\n").map(Number);
}

describe("system calls", () => {
  it("that the policy refuses whatever the arguments are all refused", async () => {
    const expected = policy.flatMap(({ action, syscalls, when }) =>
      when !== undefined || action === "allow"
        ? []
        : syscalls
            .filter((name) => !decidedByArguments.has(name))
            .flatMap((name) =>
              syscallNumbers[name][column] === undefined ? [] : [[name, errnos[action]] as const],
            ),
    );
    expect(expected.length).toBeGreaterThan(70);
    const seen = await errorsOf(expected.map(([name]) => [name]));
    expect(expected.map(([name], index) => [name, seen[index]])).toEqual(expected);
  });

  it("for sockets are refused by family, type and protocol, and ordinary ones are not", async () => {
    const socket = (...values: number[]) => ["socket", ...values.map(String)] as const;
    const [AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_ALG, AF_VSOCK] = [
      1, 2, 10, 16, 17, 38, 40,
    ];
    const [STREAM, DGRAM, RAW, SEQPACKET, PACKET, CLOEXEC] = [1, 2, 3, 5, 10, 0o2_000_000];
    expect(
      await errorsOf([
        socket(AF_PACKET, RAW, 0),
        socket(AF_ALG, SEQPACKET, 0),
        socket(AF_VSOCK, STREAM, 0),
        socket(AF_INET, RAW, 1),
        socket(AF_INET6, RAW | CLOEXEC, 58),
        socket(AF_INET, PACKET, 0),
        socket(AF_NETLINK, RAW, 16),
      ]),
    ).toEqual(Array(7).fill(EPERM));
    const [ICMP, SCTP, MPTCP] = [1, 132, 262];
    expect(
      await errorsOf([
        socket(AF_INET, STREAM, SCTP),
        socket(AF_INET6, STREAM, MPTCP),
        socket(AF_INET, DGRAM, ICMP),
      ]),
    ).toEqual(Array(3).fill(EPROTONOSUPPORT));
    expect(
      await errorsOf([
        socket(AF_UNIX, STREAM, 0),
        socket(AF_UNIX, SEQPACKET | CLOEXEC, 0),
        socket(AF_INET, STREAM | CLOEXEC, 0),
        socket(AF_INET6, DGRAM, 0),
        socket(AF_NETLINK, RAW | CLOEXEC, 0),
      ]),
    ).toEqual(Array(5).fill(0));
  });

  it("for new namespaces are refused, and the harmless uses of the same calls are not", async () => {
    const [NEWUSER, NEWNS, NEWNET, FILES] = [0x1000_0000, 0x2_0000, 0x4000_0000, 0x400];
    expect(
      await errorsOf([
        ["unshare", String(NEWUSER)],
        ["unshare", String(NEWNS | FILES)],
        ["clone", String(NEWNET | 17)],
        ["clone", String(NEWUSER | 17)],
        ["unshare", String(FILES)],
      ]),
    ).toEqual([EPERM, EPERM, EPERM, EPERM, 0]);
    const ran = await sandboxes.shell("unshare --user true; unshare --net true; echo $?");
    expect(ran.stderr.match(/Operation not permitted/g)).toHaveLength(2);
  });

  it("that change the personality are refused, and those that ask for it are not", async () => {
    const [QUERY, NO_RANDOMISATION] = ["0xffffffff", "0x0040000"];
    expect(
      await errorsOf([
        ["personality", QUERY],
        ["personality", "0"],
        ["personality", NO_RANDOMISATION],
      ]),
    ).toEqual([0, 0, EPERM]);
  });

  it("that make devices are refused, and those that make pipes are not", async () => {
    const [AT_FDCWD, FIFO, CHARACTER] = ["-100", "0010644", "0020644"];
    expect(
      await errorsOf([
        ["mknodat", AT_FDCWD, "do { my $p = '/tmp/pipe' }", FIFO],
        ["mknodat", AT_FDCWD, "do { my $p = '/tmp/device' }", CHARACTER],
      ]),
    ).toEqual([0, EPERM]);
  });

  it("that type into a terminal are refused, other ioctls are not", async () => {
    const [TIOCSTI, TIOCLINUX, FIONREAD] = ["0x5412", "0x541c", "0x541b"];
    const byte = "my $b = 'x' x 8";
    expect(
      await errorsOf([
        ["ioctl", "1", TIOCSTI, `do { ${byte} }`],
        ["ioctl", "1", TIOCLINUX, `do { ${byte} }`],
        // The upper half of the number is ignored by the kernel, and so must not fool the filter.
        ["ioctl", "1", `0x100000000 | ${TIOCSTI}`, `do { ${byte} }`],
        ["ioctl", "1", FIONREAD, `do { ${byte} }`],
      ]),
    ).toEqual([EPERM, EPERM, EPERM, 0]);
  });

  // The x32 way of calling exists on x86_64 only.
  it.skipIf(process.arch !== "x64")("of a foreign architecture end the process", async () => {
    const ran = await sandboxes.run([
      "/usr/bin/perl",
      "-e",
      "syscall(0x40000000 + 39); print 'on';",
    ]);
    expect(ran).toMatchObject({ exitCode: null, signal: "SIGSYS", stdout: "" });
  });
});

describe("ordinary programs do not notice the filter", () => {
  it.each([
    [
      "a shell with pipes and signals",
      "sh -c 'trap \"echo caught\" USR1; kill -USR1 $$; seq 3 | sort -r | head -1'",
      "caught\n3\n",
    ],
    [
      "python with threads and a process pool",
      'python3 -c \'import threading, subprocess; t = threading.Thread(target=print, args=(1,)); t.start(); t.join(); print(subprocess.run(["echo", "2"], capture_output=True, text=True).stdout.strip())\'',
      "1\n2\n",
    ],
    [
      "node with worker threads",
      '/var/lang/bin/node -e \'new (require("worker_threads").Worker)("console.log(require(\\"os\\").networkInterfaces().lo.length > 0)", { eval: true })\'',
      "true\n",
    ],
    [
      "python with locks between processes",
      `python3 -c 'import multiprocessing as m; l = m.Lock(); q = m.Queue(); p = m.Process(target=lambda: q.put(l.acquire(timeout=5))); p.start(); print(q.get()); p.join()'`,
      "True\n",
    ],
    [
      "perl with SysV memory and a socket pair",
      `perl -MSocket -e 'my $id = shmget(0, 10, 0600); shmwrite($id, "x", 0, 1); shmread($id, my $got, 0, 1); shmctl($id, 0, 0); socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, 0) or die; syswrite($a, "y"); sysread($b, my $y, 1); print "$got$y\n"'`,
      "xy\n",
    ],
    [
      "cp with attributes, sync and a write to disk",
      "cd /tmp && echo x > a && cp -a a b && sync b && sync && dd if=b of=c conv=fsync status=none && cat c",
      "x\n",
    ],
    [
      "tar, gzip and find",
      "cd /tmp && echo x > a && tar czf t.tgz a && find . -name '*.tgz'",
      "./t.tgz\n",
    ],
    [
      "mkfifo, flock and timeout",
      "cd /tmp && mkfifo f && flock f2 timeout 5 echo locked",
      "locked\n",
    ],
  ])("%s", async (_what, script, output) => {
    const ran = await sandboxes.shell(script);
    expect(ran).toMatchObject({ stdout: output, stderr: "", exitCode: 0 });
  });
});
