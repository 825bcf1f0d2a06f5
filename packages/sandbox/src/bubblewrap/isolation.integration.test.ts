/** What a process inside can see, reach and do: as little as a function needs. */
import { once } from "node:events";
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { keepOnExec } from "../kernel/descriptors.ts";
import { sandboxLimits } from "../limits.ts";
import type { SandboxProvider, Scratch } from "../port.ts";
import {
  makeCode,
  makePlaces,
  removePlaces,
  Sandboxes,
  uniqueSleep,
} from "../sandboxes.fixture.ts";
import { createBubblewrapProvider } from "./open.ts";

const places = makePlaces();
let provider: SandboxProvider;
let sandboxes: Sandboxes;
let hostServer: Server;
let inherited: number;

beforeAll(async () => {
  // As if whoever started the worker had left a descriptor open.
  inherited = openSync("/etc/shadow", "r");
  keepOnExec(inherited);
  provider = await createBubblewrapProvider(places);
  sandboxes = new Sandboxes(provider);
  hostServer = createServer((socket) => socket.end("reached")).listen(0, "127.0.0.1");
  await once(hostServer, "listening");
});
afterEach(() => sandboxes.cleanUp());
afterAll(async () => {
  closeSync(inherited);
  hostServer.close();
  await provider.close();
  removePlaces(places);
});

describe("the file system inside", () => {
  it("has nothing of the host but /usr", async () => {
    const { stdout } = await sandboxes.shell("ls -A / /var | sort | uniq | tr '\\n' ' '");
    const names = stdout.split(/\s+/).filter((name) => /^[a-z]/.test(name));
    expect(new Set(names)).toEqual(
      new Set([
        "bin",
        "dev",
        "etc",
        "lang",
        "lib",
        "lib64",
        "opt",
        "proc",
        "sbin",
        "task",
        "tmp",
        "usr",
        "var",
      ]),
    );
  });

  it("has an /etc that knows no user, name or secret of the host", async () => {
    const ran = await sandboxes.shell(
      "cat /etc/passwd; ls /etc/shadow /etc/ssl/private /etc/hostname",
    );
    expect(ran.stdout.split("\n").map((line) => line.split(":")[0])).toEqual([
      "root",
      "sbx_user1051",
      "nobody",
      "",
    ]);
    expect(ran.stderr.match(/No such file/g)).toHaveLength(3);
  });

  it("can be written in /tmp and /dev/shm only", async () => {
    const task = makeCode(places, "readonly", "code");
    const paths = [
      "/",
      "/usr",
      "/etc",
      "/var",
      "/var/task",
      "/var/lang/bin",
      "/opt",
      "/dev",
      "/proc",
    ];
    const script = `for d in ${paths.join(" ")}; do touch $d/new 2>&1; done; touch /tmp/new /dev/shm/new && echo fine`;
    const { stdout } = await sandboxes.shell(script, { code: { task } });
    expect(stdout.match(/Read-only file system|Permission denied|No such file/g)).toHaveLength(
      paths.length,
    );
    expect(stdout).toContain("fine");
  });

  it("shows code that is attached later read-only from its first moment", async () => {
    const task = makeCode(places, "attached", "code");
    const script =
      "echo up; while [ ! -e /var/task/index.txt ]; do :; done; echo changed > /var/task/index.txt";
    const sandbox = await sandboxes.startShell(script);
    await sandboxes.printed(sandbox, "up");
    sandbox.attachCode({ task });
    const ran = await sandboxes.finish(sandbox);
    expect(ran.stderr).toContain("Read-only file system");
    expect(readFileSync(`${task}/index.txt`, "utf8")).toBe("code");
  });

  it("does not show the code of another sandbox", async () => {
    const [one, two] = [makeCode(places, "one", "one"), makeCode(places, "two", "two")];
    await sandboxes.start(["/bin/sleep", uniqueSleep()], { code: { task: one } });
    const ran = await sandboxes.shell("cat /var/task/index.txt; cat /proc/self/mountinfo", {
      code: { task: two },
    });
    expect(ran.stdout.startsWith("two")).toBe(true);
    expect(ran.stdout).not.toContain("code/one");
  });
});

describe("processes inside", () => {
  it("see none but their own", async () => {
    await sandboxes.start(["/bin/sleep", uniqueSleep()]);
    const { stdout } = await sandboxes.shell("ls /proc | grep -c '^[0-9]'; cat /proc/1/cmdline");
    // Process 1, the shell, ls and grep; and process 1 does not tell where things are on the host.
    expect(Number(stdout.split("\n")[0])).toBeLessThanOrEqual(4);
    expect(stdout).not.toContain(places.dataDirectory);
  });

  it("are an unprivileged user without capabilities, behind a filter", async () => {
    const { stdout } = await sandboxes.shell(
      "id -un; id -u; grep -E '^(Cap|NoNew|Seccomp:)' /proc/self/status",
    );
    expect(stdout.replaceAll("\t", " ")).toBe(
      "sbx_user1051\n993\n" +
        ["Inh", "Prm", "Eff", "Bnd", "Amb"]
          .map((set) => `Cap${set}: ${"0".repeat(16)}\n`)
          .join("") +
        "NoNewPrivs: 1\nSeccomp: 2\n",
    );
  });

  it("have the descriptors that they were given and no other", async () => {
    // As a library does it that knows nothing of sandboxes: libnftables is one.
    const careless = openSync("/etc/shadow", "r");
    keepOnExec(careless);
    const { stdout } = await sandboxes.shell("for f in /proc/$$/fd/*; do readlink $f; done");
    const targets = stdout.trim().split("\n");
    // Input, two outputs, the channel.
    expect(targets).toHaveLength(4);
    expect(targets.filter((target) => !/^(socket:.*|\/dev\/null)$/.test(target))).toEqual([]);
    closeSync(careless);
  });

  it("run as another host user in each scratch, and as the same one after a reset", async () => {
    const hostUser = async (scratch: Scratch): Promise<number> => {
      await sandboxes.shell("touch /tmp/mine", { scratch });
      return statSync(join(scratch.path, "mine")).uid;
    };
    const [one, two] = [await sandboxes.scratch(), await sandboxes.scratch()];
    const users = [await hostUser(one), await hostUser(two), await hostUser(one)];
    expect(users[0]).toBeGreaterThanOrEqual(sandboxLimits.firstIdentity);
    expect(users[1]).not.toBe(users[0]);
    expect(users[2]).toBe(users[0]);
  });
});

describe("the network inside", () => {
  const connectTo = (address: string): string =>
    `const s = require('net').connect(${address}); s.on('error', (e) => console.log(e.code)); s.on('data', (d) => console.log(String(d)));`;

  it("does not lead to a server on the host's loopback", async () => {
    const address = hostServer.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    const { stdout } = await sandboxes.node(connectTo(`${port}, '127.0.0.1'`));
    expect(stdout).toBe("ECONNREFUSED\n");
  });

  it("leads nowhere outside", async () => {
    const { stdout } = await sandboxes.node(connectTo("80, '192.0.2.1'"));
    expect(stdout).toBe("ENETUNREACH\n");
  });

  it("has loopback of its own for servers inside", async () => {
    const script =
      "const n = require('net'); const s = n.createServer((c) => c.end('own')).listen(0, '127.0.0.1', () => n.connect(s.address().port).on('data', (d) => { console.log(String(d)); s.close(); }));";
    expect((await sandboxes.node(script)).stdout).toBe("own\n");
  });

  it("has the Runtime API's address even without a listener", async () => {
    const { stdout } = await sandboxes.node(connectTo("9001, '169.254.100.1'"));
    expect(stdout).toBe("ECONNREFUSED\n");
  });
});
