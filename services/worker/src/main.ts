import { enterHostNamespace } from "@paddock/sandbox";

// First of all: what the worker mounts must be in a namespace that ends with it.
enterHostNamespace();

const { runService } = await import("@paddock/service-kit");
const { startWorker } = await import("./app.ts");
const { loadConfig } = await import("./config.ts");

await runService({
  name: "worker",
  start: ({ logger }) => startWorker(loadConfig(), logger),
});
