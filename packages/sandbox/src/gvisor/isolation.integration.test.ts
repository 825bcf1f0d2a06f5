/** What a function on gVisor sees and who it is, inside and on the host. */
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { release } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { sandboxLimits } from "../limits.ts";
import type { SandboxProvider } from "../port.ts";
import { makeCode, makePlaces, removePlaces, Sandboxes } from "../sandboxes.fixture.ts";
import { describeOnGvisor } from "./installed.fixture.ts";
import { createGvisorProvider } from "./open.ts";

describeOnGvisor("a function on gVisor", () => {
  const places = makePlaces();
  let provider: SandboxProvider;
  let sandboxes: Sandboxes;

  beforeAll(async () => {
    provider = await createGvisorProvider(places);
    sandboxes = new Sandboxes(provider);
  });
  afterEach(() => sandboxes.cleanUp());
  afterAll(async () => {
    await provider.close();
    removePlaces(places);
  });

  it("talks to gVisor's kernel, not to the host's", async () => {
    const { stdout } = await sandboxes.shell("uname -r; cat /proc/version");
    expect(stdout).not.toContain(release());
  });

  it("is an unprivileged user without capabilities, inside and outside", async () => {
    const scratch = await sandboxes.scratch();
    const script = "id -u; id -un; touch /tmp/mine; grep -E '^(Cap|NoNew)' /proc/self/status";
    const { stdout } = await sandboxes.shell(script, { scratch });
    expect(stdout.replaceAll("\t", " ")).toBe(
      "993\nsbx_user1051\n" +
        ["Inh", "Prm", "Eff", "Bnd", "Amb"]
          .map((set) => `Cap${set}: ${"0".repeat(16)}\n`)
          .join("") +
        "NoNewPrivs: 1\n",
    );
    const { uid } = statSync(join(scratch.path, "mine"));
    expect(uid).toBeGreaterThanOrEqual(sandboxLimits.firstIdentity);
  });

  it("sees nothing of the host's files but /usr, and none of its users", async () => {
    const { stdout, stderr } = await sandboxes.shell("ls /; cat /etc/passwd; ls /etc/shadow");
    expect(stdout).not.toMatch(/^(root|home|work|run|boot|srv)$/m);
    expect(stdout).toMatch(/^sbx_user1051:/m);
    expect(stderr).toContain("No such file");
  });

  it("sees no process but its own, and not how it was started", async () => {
    const { stdout } = await sandboxes.shell("ls /proc | grep -c '^[0-9]'; cat /proc/*/cmdline");
    expect(Number(stdout.split("\n")[0])).toBeLessThanOrEqual(4);
    expect(stdout).not.toContain(places.dataDirectory);
    expect(stdout).not.toContain("runsc");
  });

  it("can write in /tmp and /dev/shm only", async () => {
    const task = makeCode(places, "readonly", "code");
    const paths = ["/", "/usr", "/etc", "/var", "/var/task", "/var/lang/bin", "/opt", "/proc"];
    const script = `for d in ${paths.join(" ")}; do touch $d/new 2>&1; done; touch /tmp/new /dev/shm/new && echo fine`;
    const { stdout } = await sandboxes.shell(script, { code: { task } });
    expect(stdout.match(/Read-only file system|Permission denied|No such file/g)).toHaveLength(
      paths.length,
    );
    expect(stdout).toContain("fine");
  });

  it("cannot change code that was attached later", async () => {
    const task = makeCode(places, "attached", "code");
    const script =
      "echo up; while [ ! -e /var/task/index.txt ]; do :; done; echo changed > /var/task/index.txt";
    const sandbox = await sandboxes.startShell(script);
    await sandboxes.printed(sandbox, "up");
    sandbox.attachCode({ task });
    const ran = await sandboxes.finish(sandbox);
    expect(ran.stderr).toMatch(/Read-only file system|Permission denied/);
    expect(readFileSync(`${task}/index.txt`, "utf8")).toBe("code");
  });

  it("reaches no server on the host's loopback", async () => {
    const server = createServer((socket) => socket.end("reached")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    const script = `const s = require('net').connect(${port}, '127.0.0.1'); s.on('error', (e) => console.log(e.code)); s.on('data', (d) => console.log(String(d)));`;
    const { stdout } = await sandboxes.node(script);
    server.close();
    expect(stdout).toBe("ECONNREFUSED\n");
  });

  it("opens no raw socket", async () => {
    const script =
      "import socket\ntry:\n  socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)\n  print('raw')\nexcept OSError as e: print(e.errno)";
    const { stdout } = await sandboxes.run(["/usr/bin/python3", "-c", script]);
    expect(stdout).toMatch(/^(1|13)\n$/);
  });
});
