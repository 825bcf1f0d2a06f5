/**
 * What every implementation of the sandbox port does, as a function of how it is opened. Where an
 * implementation cannot, `cannot` says why, and that test is left out with this reason in its name.
 */
import { once } from "node:events";
import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { countHostResources } from "./host/count-resources.ts";
import type { Sandbox, SandboxProvider } from "./port.ts";
import {
  firstChunk,
  makeCode,
  makePlaces,
  type Places,
  processesWith,
  removePlaces,
  Sandboxes,
  standsStill,
  uniqueSleep,
  until,
} from "./sandboxes.fixture.ts";

export interface Implementation {
  readonly name: string;
  readonly open: (places: Places) => Promise<SandboxProvider>;
  /** Reasons for leaving a test out. */
  readonly cannot?: { readonly endDaemons?: string };
  /** Why this machine cannot have the implementation: its suite is left out, with this in its name. */
  readonly missing?: string | undefined;
  /** What runs inside is no process of the host: only what holds it can be looked at from outside. */
  readonly hidesProcesses?: boolean;
}

export function describeConformance({
  name,
  open,
  cannot,
  missing,
  hidesProcesses = false,
}: Implementation): void {
  const reason = missing === undefined ? "" : ` (${missing})`;
  describe.skipIf(missing !== undefined)(`sandbox conformance: ${name}${reason}`, () => {
    const places = makePlaces();
    /** Waits for a command that says `up` and then sleeps, in so many processes. */
    const isUp = (sandbox: Sandbox, word: string, count: number, of = sandboxes): Promise<void> =>
      hidesProcesses ? of.printed(sandbox, "up") : until(() => processesWith(word) === count);
    const leftOf = (word: string, { workerId } = places): number =>
      processesWith(word) + countHostResources(workerId).processes;
    let provider: SandboxProvider;
    let sandboxes: Sandboxes;

    beforeAll(async () => {
      provider = await open(places);
      sandboxes = new Sandboxes(provider);
    });
    afterEach(() => sandboxes.cleanUp());
    afterAll(async () => {
      await provider.close();
      removePlaces(places);
    });

    describe("an exit", () => {
      it.each([0, 1, 7, 128, 129])("with status %i is that status", async (status) => {
        const ran = await sandboxes.shell(`exit ${status}`);
        expect(ran).toMatchObject({ exitCode: status, signal: null, outOfMemory: false });
      });

      it.each(["KILL", "ABRT", "SEGV", "TERM"])("by signal %s has no status", async (signal) => {
        const ran = await sandboxes.shell(`kill -${signal} $$; sleep 5`);
        expect(ran).toMatchObject({ exitCode: null, signal: `SIG${signal}`, outOfMemory: false });
      });

      it("because there is no such program says so on stderr or by its status", async () => {
        const ran = await sandboxes.run(["/no/such/program"]);
        expect([1, 127]).toContain(ran.exitCode);
      });

      it("keeps all that was printed before it", async () => {
        const ran = await sandboxes.node("process.stdout.write('x'.repeat(1_000_000))");
        expect(ran.stdout).toHaveLength(1_000_000);
      });
    });

    describe("the command", () => {
      it("has its two outputs apart and nothing on its input", async () => {
        const ran = await sandboxes.shell("cat; echo out; echo err >&2");
        expect(ran).toMatchObject({ stdout: "out\n", stderr: "err\n", exitCode: 0 });
      });

      it("has the environment that was given and nothing of the worker's", async () => {
        process.env["PADDOCK_TEST_SECRET"] = "secret";
        const script = "console.log(JSON.stringify(process.env))";
        const environment = { GREETING: "hällo = 'x'\n" };
        const ran = await sandboxes.node(script, { environment });
        delete process.env["PADDOCK_TEST_SECRET"];
        const { PWD: _workingDirectory, ...seen } = JSON.parse(ran.stdout);
        expect(Object.keys(seen).sort()).toEqual(["GREETING", "PATH", "TMP"]);
        expect(seen.GREETING).toBe(environment.GREETING);
      });

      it("talks over descriptor 3 when the transport is a channel", async () => {
        const script =
          "const s = new (require('net').Socket)({ fd: 3 }); s.on('data', (d) => s.end('echo ' + d));";
        const sandbox = await sandboxes.start(["/var/lang/bin/node", "-e", script]);
        const { channel } = sandbox;
        channel?.write("hello");
        expect(channel && (await firstChunk(channel))).toBe("echo hello");
        expect((await sandbox.exited).exitCode).toBe(0);
      });

      it("reaches the listener at AWS_LAMBDA_RUNTIME_API", async () => {
        const script =
          "fetch(`http://${process.env.AWS_LAMBDA_RUNTIME_API}/x`).then((r) => r.text()).then(console.log)";
        const sandbox = await sandboxes.start(["/var/lang/bin/node", "-e", script], {
          transport: "listener",
          environment: { AWS_LAMBDA_RUNTIME_API: "169.254.100.1:9001" },
        });
        expect(sandbox.channel).toBeUndefined();
        sandbox.listener?.on("connection", (socket) => {
          socket.once("data", (request) => {
            const answer = String(request).split("\r\n")[0] ?? "";
            socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${answer.length}\r\n\r\n${answer}`);
          });
        });
        expect((await sandboxes.finish(sandbox)).stdout).toBe("GET /x HTTP/1.1\n");
      });
    });

    describe("files", () => {
      it("of the code are there from the start, and the command starts among them", async () => {
        const task = makeCode(places, "first", "the code");
        const opt = makeCode(places, "layer", "the layer");
        const script = "cat index.txt $OPT/index.txt";
        const ran = await sandboxes.shell(script, {
          code: { task, opt },
          environment: { OPT: "/opt" },
        });
        expect(ran.stdout).toBe("the codethe layer");
      });

      it("of code that is attached later appear in the running sandbox", async () => {
        const task = makeCode(places, "later", "late code");
        const sandbox = await sandboxes.startShell(
          "echo up; while ! cat $TASK/index.txt 2>/dev/null; do sleep 0.01; done",
          { environment: { TASK: "/var/task" } },
        );
        await sandboxes.printed(sandbox, "up");
        sandbox.attachCode({ task });
        expect((await sandboxes.finish(sandbox)).stdout).toBe("up\nlate code");
      });

      it("of /tmp survive the sandbox and belong to one scratch only", async () => {
        const scratch = await sandboxes.scratch();
        await sandboxes.shell("echo kept > $TMP/file; mkdir $TMP/dir", { scratch });
        expect((await sandboxes.shell("ls $TMP; cat $TMP/file", { scratch })).stdout).toBe(
          "dir\nfile\nkept\n",
        );
        expect((await sandboxes.shell("ls -A $TMP")).stdout).toBe("");
        await scratch.remove();
        expect(statSync(scratch.path, { throwIfNoEntry: false })).toBeUndefined();
      });
    });

    describe("freezing", () => {
      it("stops every process inside until it is thawed", async () => {
        const scratch = await sandboxes.scratch();
        const write = "while :; do echo x >> $TMP/written; done";
        const sandbox = await sandboxes.startShell(`(${write}) & ${write}`, { scratch });
        const file = join(scratch.path, "written");
        const size = (): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
        await until(() => size() > 0);
        sandbox.freeze();
        expect(await standsStill(size)).toBe(true);
        const frozenAt = size();
        sandbox.thaw();
        await until(() => size() > frozenAt);
      });

      it("does not keep a sandbox from being destroyed", async () => {
        const word = uniqueSleep();
        const sandbox = await sandboxes.startShell(`echo up; exec sleep ${word}`);
        await isUp(sandbox, word, 1);
        sandbox.freeze();
        await sandbox.destroy();
        expect(leftOf(word)).toBe(0);
      });
    });

    describe("destroying", () => {
      it("ends the command with SIGKILL", async () => {
        const sandbox = await sandboxes.start(["/bin/sleep", uniqueSleep()]);
        await sandbox.destroy();
        expect(await sandbox.exited).toMatchObject({ exitCode: null, signal: "SIGKILL" });
      });

      it("ends what the command has started", async () => {
        const word = uniqueSleep();
        const sandbox = await sandboxes.startShell(
          `sleep ${word} & sh -c 'sleep ${word} & echo up; wait' & wait`,
        );
        await isUp(sandbox, word, 2);
        await sandbox.destroy();
        expect(leftOf(word)).toBe(0);
      });

      // Left out where the implementation gives a reason, which is part of the name.
      it.skipIf(cannot?.endDaemons !== undefined)(
        `ends daemons that left session and parent${cannot?.endDaemons ?? ""}`,
        async () => {
          const word = uniqueSleep();
          const daemon = `setsid sh -c 'sleep ${word} & exit' &`;
          const sandbox = await sandboxes.startShell(
            `${daemon} ${daemon} sleep 0.2; echo up; exit 3`,
          );
          expect((await sandbox.exited).exitCode).toBe(3);
          await sandbox.destroy();
          expect(leftOf(word)).toBe(0);
        },
      );

      it("may be done twice, and whatever is called afterwards is harmless", async () => {
        const sandbox = await sandboxes.start(["/bin/sleep", uniqueSleep()]);
        await Promise.all([sandbox.destroy(), sandbox.destroy()]);
        sandbox.freeze();
        sandbox.thaw();
        sandbox.setLimits({ memoryMb: 128, cpus: 1, processes: 10, openFiles: 10 });
        sandbox.attachCode({ task: places.codeDirectory });
        expect(sandbox.peakMemoryBytes()).toBeGreaterThanOrEqual(0);
        await sandbox.destroy();
      });

      it("closes the channel and the listener", async () => {
        const one = await sandboxes.start(["/bin/sleep", uniqueSleep()]);
        const two = await sandboxes.start(["/bin/sleep", uniqueSleep()], { transport: "listener" });
        await until(() => two.listener?.listening === true);
        const closed = one.channel && once(one.channel, "close");
        await Promise.all([one.destroy(), two.destroy(), closed]);
        expect(two.listener?.listening).toBe(false);
      });
    });

    it("tells how much memory is in use, of one and of all together", async () => {
      const script =
        "globalThis.held = Buffer.alloc(100 * 1024 * 1024, 1); console.log('held'); setInterval(() => {}, 1000)";
      const sandbox = await sandboxes.start(["/var/lang/bin/node", "-e", script]);
      await sandboxes.printed(sandbox, "held");
      expect(sandbox.memoryUseBytes()).toBeGreaterThan(100 * 1024 * 1024);
      expect(provider.memoryUseBytes()).toBeGreaterThan(100 * 1024 * 1024);
      await sandbox.destroy();
      expect(sandbox.memoryUseBytes()).toBe(0);
      await until(() => provider.memoryUseBytes() < 100 * 1024 * 1024);
    });

    it("tells how much memory was used at most", async () => {
      const sandbox = await sandboxes.start([
        "/var/lang/bin/node",
        "-e",
        "globalThis.held = Buffer.alloc(100 * 1024 * 1024, 1); console.log('held'); setInterval(() => {}, 1000)",
      ]);
      await sandboxes.printed(sandbox, "held");
      expect(sandbox.peakMemoryBytes()).toBeGreaterThan(100 * 1024 * 1024);
    });

    it("refuses what cannot be a sandbox, and leaves nothing of it", async () => {
      await expect(sandboxes.run([])).rejects.toThrow("a command of 0 words");
      await expect(sandboxes.shell("true", { limits: { memoryMb: 0 } })).rejects.toThrow(
        "memoryMb",
      );
      await expect(sandboxes.shell("true\0")).rejects.toThrow("NUL");
      const scratch = await sandboxes.scratch();
      const options = {
        sandboxId: "../up",
        command: ["/bin/true"],
        environment: {},
        binds: [],
        scratch,
        limits: { memoryMb: 128, cpus: 1, processes: 10, openFiles: 100 },
        transport: "channel",
      } as const;
      await expect(provider.create(options)).rejects.toThrow("sandbox id");
      const first = await provider.create({ ...options, sandboxId: "twice" });
      await expect(provider.create({ ...options, sandboxId: "twice" })).rejects.toThrow("exists");
      await first.destroy();
      await (await provider.create({ ...options, sandboxId: "twice" })).destroy();
    });

    it("makes many at once", async () => {
      const ran = await Promise.all(
        Array.from({ length: 12 }, (_, index) => sandboxes.shell(`echo ${index}`)),
      );
      expect(ran.map(({ stdout }) => stdout.trim())).toEqual(ran.map((_, index) => String(index)));
    });

    it("destroys its sandboxes when it is closed, and makes no more", async () => {
      const other = makePlaces();
      const closing = new Sandboxes(await open(other));
      const word = uniqueSleep();
      const script = `echo up; sleep ${word}; true`;
      const one = await closing.startShell(script);
      const two = await closing.startShell(script);
      await Promise.all([isUp(one, word, 2, closing), isUp(two, word, 2, closing)]);
      await closing.provider.close();
      expect(leftOf(word, other)).toBe(0);
      await expect(closing.shell("true")).rejects.toThrow("closed");
      removePlaces(other);
    });
  });
}
