/** Whether gVisor is here and new enough, and what to do where it is not. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { messageOf, SandboxError } from "../errors.ts";
import { findProgram, requireProgram } from "../host/programs.ts";
import { sandboxLimits } from "../limits.ts";
import type { Sandbox, SandboxProvider } from "../port.ts";
import type { GvisorPrograms } from "./arguments.ts";

/** The version that was tested; a static binary, because runsc executes itself in an empty root. */
const remedy =
  "install a release of runsc as https://gvisor.dev/docs/user_guide/install/ says, or build it with Go: " +
  "CGO_ENABLED=0 go install gvisor.dev/gvisor/runsc@v0.0.0-20260905035102-160fafc42237";

const run = promisify(execFile);
const bounds = { timeout: sandboxLimits.probeMs, maxBuffer: sandboxLimits.probeOutputBytes };

/** Rejects with what is missing and what to do about it. */
export async function findGvisor(runscPath: string | undefined): Promise<GvisorPrograms> {
  if (process.platform !== "linux") {
    throw impossible(
      `it needs Linux, this is ${process.platform}`,
      "run Paddock on Linux, or ask for isolation `process`, which isolates nothing",
    );
  }
  const runsc = runscPath ?? findProgram("runsc");
  if (runsc === undefined || !existsSync(runsc)) {
    throw impossible(`the program ${runsc ?? "runsc"} is missing`, remedy);
  }
  const missing = await missingFlags(runsc);
  if (missing.length > 0)
    throw impossible(`${runsc} is too old: it has no ${missing.join(", ")}`, remedy);
  return {
    runsc,
    prlimit: requireProgram("prlimit", "util-linux"),
    unshare: requireProgram("unshare", "util-linux"),
    setpriv: requireProgram("setpriv", "util-linux"),
  };
}

/** One sandbox, run for real: that everything is installed does not mean that it is allowed. */
export async function tryGvisor(provider: SandboxProvider): Promise<void> {
  const scratch = await provider.createScratch({ sizeMb: 1 });
  let said = "";
  let sandbox: Sandbox | undefined;
  try {
    sandbox = await provider.create({
      sandboxId: "trial",
      command: ["/bin/sh", "-c", "exit 0"],
      environment: {},
      binds: [],
      scratch,
      limits: { memoryMb: 128, cpus: 1, processes: 16, openFiles: 64 },
      transport: "channel",
    });
    sandbox.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const { exitCode } = await sandbox.exited;
    await sandbox.destroy();
    if (exitCode === 0) return;
  } catch (error) {
    said += messageOf(error);
  } finally {
    await sandbox?.destroy();
    await scratch.remove();
  }
  const reason = said.trim().slice(-sandboxLimits.errorTextBytes);
  throw impossible(
    `runsc cannot make a sandbox: ${reason === "" ? "no reason given" : reason}`,
    remedy,
  );
}

async function missingFlags(runsc: string): Promise<string[]> {
  const required = [
    ["flags", "-file-access"],
    ["flags", "-overlay2"],
    ["flags", "-host-settings"],
    ["help run", "-pass-fd"],
  ] as const;
  const found = await Promise.all(
    required.map(async ([command, flag]) =>
      (await output(runsc, command.split(" "))).includes(flag),
    ),
  );
  return required.filter((_, index) => found[index] !== true).map(([, flag]) => `-${flag}`);
}

function impossible(what: string, help: string): SandboxError {
  return new SandboxError(`gVisor isolation is not possible here: ${what} (${help})`);
}

async function output(path: string, parameters: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await run(path, parameters, bounds);
    return stdout + stderr;
  } catch {
    return "";
  }
}
