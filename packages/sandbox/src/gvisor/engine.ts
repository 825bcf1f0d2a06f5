/**
 * Isolation by gVisor: the function's system calls are answered by a kernel in user space, which
 * has no rights on the host, namespaces of its own, and a seccomp filter of its own.
 *
 *     <slot>/root     the sandbox's file system: mount points only, and links into /usr
 *     <slot>/bundle   the OCI configuration
 *     <slot>/state    runsc's own files
 */
import type { ChildProcess } from "node:child_process";
import { chownSync, existsSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Duplex } from "node:stream";
import type { Engine, Place } from "../confined/engine.ts";
import { type Launched, launched } from "../confined/launched.ts";
import { SandboxError } from "../errors.ts";
import type { HostDirectory } from "../host/directory.ts";
import { spawnClosed } from "../kernel/spawn-closed.ts";
import type { Program } from "../kernel/spawn.ts";
import { sandboxLimits } from "../limits.ts";
import type { SandboxOptions } from "../port.ts";
import { gvisorCommand, type GvisorPrograms } from "./arguments.ts";
import { bundleConfig } from "./bundle.ts";
import { makeRoot } from "./root.ts";

const READABLE_BY_OWNER = 0o400;

export class GvisorEngine implements Engine {
  readonly isolation = "gvisor";
  readonly features = ["gVisor (systrap), in namespaces: user, mount, pid, ipc, uts"];
  readonly own = {
    memoryMb: sandboxLimits.gvisorMemoryMb,
    processes: sandboxLimits.gvisorProcesses,
    tasksPerProcess: 2,
  };
  readonly slotLayout = { task: "root/var/task", opt: "root/opt" };
  readonly #programs: GvisorPrograms;
  #exposed: Exposed | undefined;

  constructor(programs: GvisorPrograms) {
    this.#programs = programs;
  }

  // No replaceScratch: gVisor puts a file system of its own on a /tmp that is not mounted from the
  // start, and holds on to what is mounted.

  async launch(options: SandboxOptions, place: Place): Promise<Launched> {
    const hasChannel = options.transport === "channel";
    const bundle = makeBundle(options, place);
    const state = place.slot.makeDirectory("state");
    if (place.identity !== undefined) chownSync(state, place.identity, place.identity);
    const { environment, runsc } = this.#expose(place.host);
    const programs = { ...this.#programs, runsc };
    const command = gvisorCommand({ programs, bundle, hasChannel });
    const { group, identity, network } = place;
    const child = group.spawnInside(() =>
      network.spawnInside((prefix) =>
        start([...prefix, ...command], { directory: state, environment, hasChannel, identity }),
      ),
    );
    return launched({ name: "gVisor", program: await programOf(child), hasChannel });
  }

  /** Wherever it is installed: the sandbox's user may execute it, and the programs beside it. */
  #expose(host: HostDirectory): Exposed {
    if (this.#exposed !== undefined) return this.#exposed;
    const installed = realpathSync(this.#programs.runsc);
    const companions = join(dirname(installed), "gvisor-bin");
    this.#exposed = {
      runsc: host.expose(installed),
      environment: existsSync(companions)
        ? { GVISOR_SIDECAR_BINARIES_DIR: host.expose(companions) }
        : {},
    };
    return this.#exposed;
  }
}

interface Exposed {
  readonly runsc: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Its directory; nobody but the sandbox's own user reads what a function's variables hold. */
function makeBundle(options: SandboxOptions, place: Place): string {
  const { host, identity, slot, systemDirectories } = place;
  const expose = (source: string): string => host.expose(source);
  const binds = options.binds.map(({ source, target }) => ({ source: expose(source), target }));
  makeRoot(slot, { binds, systemDirectories });
  const configuration = bundleConfig({
    root: join(slot.directory, "root"),
    command: options.command,
    environment: options.environment,
    openFiles: options.limits.openFiles,
    etc: join(host.base, "etc"),
    scratch: place.scratch,
    binds,
    systemDirectories,
  });
  const bundle = slot.makeDirectory("bundle");
  const file = join(bundle, "config.json");
  writeFileSync(file, JSON.stringify(configuration), { mode: READABLE_BY_OWNER });
  if (identity !== undefined) chownSync(file, identity, identity);
  return bundle;
}

/** As kernel/spawn.ts starts them. Rejects where it could not be executed. */
async function programOf(child: ChildProcess): Promise<Program> {
  const failed = new Promise<never>((_resolve, reject) => {
    child.once("error", (error) => reject(new SandboxError(`gVisor: ${error.message}`)));
  });
  const { pid } = child;
  if (pid === undefined) return failed;
  // A failure to kill, later, is of no interest to anybody.
  failed.catch(() => undefined);
  return {
    pid,
    stream: (descriptor) => streamOf(child, descriptor),
    ended: new Promise((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
    }),
    kill: () => child.kill("SIGKILL"),
  };
}

/** Each "pipe" that spawn was asked for is a socket pair, so a duplex. */
function streamOf(child: ChildProcess, descriptor: number): Duplex {
  const stream = child.stdio[descriptor];
  if (stream === null || stream === undefined) {
    throw new SandboxError(`a program was spawned without descriptor ${String(descriptor)}`);
  }
  // Node's types know neither the kind nor that it follows from the position.
  const duplex = stream as Duplex;
  // The other end may go away at any moment; it is the exit that says so, not a broken pipe.
  duplex.on("error", () => undefined);
  return duplex;
}

interface StartOptions {
  readonly directory: string;
  /** Of runsc itself. */
  readonly environment: Readonly<Record<string, string>>;
  readonly hasChannel: boolean;
  readonly identity: number | undefined;
}

function start(
  [program = "", ...parameters]: readonly string[],
  { directory, environment, hasChannel, identity }: StartOptions,
): ChildProcess {
  return spawnClosed(program, parameters, {
    env: environment,
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe", hasChannel ? "pipe" : "ignore", "pipe", "pipe"],
    ...(identity === undefined ? {} : { uid: identity, gid: identity }),
  });
}
