/** What a program that isolates tells while it starts, and what it says when it cannot. */
import type { Readable } from "node:stream";
import { SandboxError } from "../errors.ts";
import { sandboxLimits } from "../limits.ts";

/**
 * Reads the first document of bubblewrap's `--json-status-fd`, `{ "child-pid": 123 }`, and ignores
 * the others. Rejects with the text of `stderr` when the program ends without it.
 */
export async function readInitPid(
  program: string,
  status: Readable,
  stderr: Readable,
): Promise<number> {
  const pid = await firstPid(program, status);
  if (pid !== undefined) return pid;
  const said = (await collect(stderr)).trim();
  throw new SandboxError(`${program} did not start: ${said === "" ? "it ended" : said}`);
}

function firstPid(program: string, status: Readable): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => {
      const waitedMs = String(sandboxLimits.startMs);
      reject(new SandboxError(`${program} did not start: it said nothing for ${waitedMs} ms`));
    }, sandboxLimits.startMs);
    const finish = (pid: number | undefined): void => {
      clearTimeout(timer);
      status.off("data", onData);
      status.resume();
      resolve(pid);
    };
    const onData = (chunk: Buffer): void => {
      text = (text + chunk.toString()).slice(0, sandboxLimits.statusBytes);
      const pid = /"child-pid":\s*(\d+)/.exec(text)?.[1];
      if (pid !== undefined) finish(Number(pid));
    };
    status.on("data", onData);
    status.once("close", () => finish(undefined));
  });
}

async function collect(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.length >= sandboxLimits.errorTextBytes) break;
  }
  return text.slice(0, sandboxLimits.errorTextBytes);
}
