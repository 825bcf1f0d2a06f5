/**
 * A worker of an ordinary user, reduced to a few commands in sandboxes:
 * `node unprivileged-worker.fixture.ts <places as JSON> [gvisor]` tells its parent what came of them.
 */
import { createBubblewrapProvider } from "./bubblewrap/open.ts";
import { createGvisorProvider } from "./gvisor/open.ts";
import { enterHostNamespace } from "./host/namespace.ts";
import { makeCode, Sandboxes } from "./sandboxes.fixture.ts";

enterHostNamespace();
// Keeps the process alive while the provider, which would not, closes.
process.on("message", () => undefined);

const places = JSON.parse(process.argv[2] ?? "{}");
const create = process.argv[3] === "gvisor" ? createGvisorProvider : createBubblewrapProvider;
const provider = await create(places);
const sandboxes = new Sandboxes(provider);

const greedy = "const held = []; for (;;) held.push(Buffer.alloc(1024 * 1024, 1));";
// At the limit, Node gets an error on one kind of kernel and throws on the other.
const forks = `let n = 0;
  try {
    for (; n < 300; n += 1) {
      const child = require('child_process').spawn('/bin/sleep', ['60'], { stdio: 'ignore' });
      child.on('error', () => {});
      if (!child.pid) break;
    }
  } catch {}
  console.log(n);
  process.exit();`;
const call =
  "fetch('http://169.254.100.1:9001/x').then((r) => r.text()).then(console.log, (e) => console.log(e.cause.code))";

const outOfMemory = await sandboxes.node(greedy, { limits: { memoryMb: 64 } });
const processes = await sandboxes.node(forks, { limits: { processes: 40 } });

const listening = await sandboxes.start(["/var/lang/bin/node", "-e", call], {
  transport: "listener",
});
listening.listener?.on("connection", (socket) => {
  socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
});
const called = await sandboxes.finish(listening);

const attached = await sandboxes.startShell(
  "echo up; while ! cat /var/task/index.txt 2>/dev/null; do sleep 0.01; done",
);
await sandboxes.printed(attached, "up");
attached.freeze();
attached.thaw();
attached.attachCode({ task: makeCode(places, "later", "late code") });
const code = await sandboxes.finish(attached);

await sandboxes.cleanUp();
await provider.close();
process.send?.({
  isolation: provider.isolation,
  features: provider.features,
  outOfMemory: outOfMemory.outOfMemory,
  signal: outOfMemory.signal,
  started: Number(processes.stdout),
  called: called.stdout,
  code: code.stdout,
});
process.disconnect?.();
