/**
 * A worker process reduced to its sandboxes' networks: `node worker.fixture.ts <input as JSON>`. It
 * takes one request at a time over its channel.
 */
import { enterHostNamespace } from "../host/namespace.ts";
import type { WorkerAnswer, WorkerInput, WorkerRequest } from "./worker-process.fixture.ts";

enterHostNamespace();

const { createBubblewrapProvider } = await import("../bubblewrap/open.ts");
const { Sandboxes } = await import("../sandboxes.fixture.ts");

const { network, places }: WorkerInput = JSON.parse(process.argv[2] ?? "{}");
const provider = await createBubblewrapProvider({ ...places, network });
const sandboxes = new Sandboxes(provider);

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  if (request.kind === "close") {
    await sandboxes.cleanUp();
    await provider.close();
    setImmediate(() => process.exit(0));
    return {};
  }
  const { access, command, stays } = request;
  // Until its network is as it is meant to be, it waits for a line.
  const script = `read -r _ <&3; exec "$@" 3<&-`;
  const sandbox = await sandboxes.start(["/bin/sh", "-c", script, "sh", ...command]);
  if (access !== undefined) await sandbox.permit(access);
  sandbox.channel?.write("\n");
  if (stays === undefined) return { ran: await sandboxes.finish(sandbox) };
  await sandboxes.printed(sandbox, stays);
  return {
    ran: { exitCode: null, signal: null, outOfMemory: false, ...sandboxes.outputOf(sandbox) },
  };
}

process.on("message", (request: WorkerRequest) => {
  void answer(request).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.send?.({ features: provider.features } satisfies WorkerAnswer);
