#!/usr/bin/env node
// The `paddock` command. Needs no dependency and runs on Node 20: it finds the repository's own
// Node 24 and runs packages/cli/src/main.ts with it. Under Node 24 it runs that itself.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const NEEDED_MAJOR = 24;
const root = fileURLToPath(new URL("../../../", import.meta.url));
const main = join(root, "packages", "cli", "src", "main.ts");
const cache = join(root, "node_modules", ".cache", "paddock", "compile");

try {
  mkdirSync(cache, { recursive: true });
} catch {
  // Not ours to write: the command only starts a little slower.
}

if (Number(process.versions.node.split(".")[0]) >= NEEDED_MAJOR) {
  const { enableCompileCache } = await import("node:module");
  enableCompileCache(cache);
  await import(pathToFileURL(main).href);
} else {
  runWithOwnNode();
}

function runWithOwnNode() {
  const node = join(root, "node_modules", "node", "bin", "node");
  if (!existsSync(node)) {
    console.error(
      `paddock: the repository's Node ${NEEDED_MAJOR} is missing: run \`npm ci\` in ${root}.`,
    );
    process.exit(1);
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], {
    // The channel tells the command when this process is gone, however it ended.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { NODE_COMPILE_CACHE: cache, ...process.env },
  });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`paddock: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of signals) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
