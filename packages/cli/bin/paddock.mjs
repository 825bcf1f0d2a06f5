#!/usr/bin/env node
// The `paddock` command. Needs no dependency and runs on Node 20: it finds the repository's own
// Node 24 and runs packages/cli/src/main.ts with it. Under Node 24 there is nothing to find.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const main = join(root, "packages", "cli", "src", "main.ts");
const NEEDED_MAJOR = 24;

function findNode() {
  if (Number(process.versions.node.split(".")[0]) >= NEEDED_MAJOR) return process.execPath;
  const own = join(root, "node_modules", "node", "bin", "node");
  if (existsSync(own)) return own;
  console.error(
    `paddock: the repository's Node ${NEEDED_MAJOR} is missing: run \`npm ci\` in ${root}.`,
  );
  process.exit(1);
}

const cache = join(root, "node_modules", ".cache", "paddock", "compile");
try {
  mkdirSync(cache, { recursive: true });
} catch {
  // Not ours to write: the command only starts a little slower.
}

// The channel tells the command when this process is gone, however it ended.
const child = spawn(findNode(), [main, ...process.argv.slice(2)], {
  stdio: ["inherit", "inherit", "inherit", "ipc"],
  env: { NODE_COMPILE_CACHE: cache, ...process.env },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`paddock: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
