/** Runs a load in a process of its own, so that it does not share an event loop with the report. */
import { fork } from "node:child_process";
import { runLoad, type LoadOptions, type LoadResult } from "./raw-client.ts";

const graceMs = 30_000;

export function runLoadInProcess(options: LoadOptions): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, ["--load"], { serialization: "advanced" });
    const bound = setTimeout(() => child.kill("SIGKILL"), options.durationMs + graceMs);
    let answer: LoadResult | undefined;
    child.on("message", (message: LoadResult) => (answer = message));
    child.on("exit", (code) => {
      clearTimeout(bound);
      if (answer === undefined) reject(new Error(`the load process ended with ${String(code)}`));
      else resolve(answer);
    });
    child.send(options);
  });
}

if (process.argv[2] === "--load") {
  process.once("message", (options: LoadOptions) => {
    void runLoad(options).then((result) =>
      process.send?.(result, undefined, undefined, () => process.exit(0)),
    );
  });
}
