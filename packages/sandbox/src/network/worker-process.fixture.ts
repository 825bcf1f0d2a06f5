/** Runs worker.fixture.ts: as root, or in a user namespace, which is what an ordinary user has. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { NetworkAccess } from "../port.ts";
import { makePlaces, type Places, type Ran, removePlaces } from "../sandboxes.fixture.ts";
import { attempts, type Language, type Target } from "./attempts.fixture.ts";
import type { EgressNetwork } from "./port.ts";
import { NAME_SERVER } from "./test-machine.fixture.ts";

/** An ordinary user has pasta only. */
export const ways = [
  { way: "veth and nftables", asRoot: true },
  { way: "pasta", asRoot: false },
] as const;

export interface WorkerInput {
  readonly places: Places;
  readonly network: EgressNetwork;
}

export type WorkerRequest =
  | {
      readonly kind: "run";
      readonly command: readonly string[];
      readonly access?: NetworkAccess;
      /** Not to the end: until it has printed this. */
      readonly stays?: string;
    }
  | { readonly kind: "close" };

export interface WorkerAnswer {
  readonly features?: readonly string[];
  readonly ran?: Ran;
  readonly error?: string;
}

export interface WorkerProcessOptions extends Partial<Omit<EgressNetwork, "kind">> {
  readonly asRoot: boolean;
  /** Where programs are looked for, if not everywhere. */
  readonly path?: string;
}

export class WorkerProcess {
  readonly features: readonly string[];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, features: readonly string[]) {
    this.#child = child;
    this.features = features;
  }

  /** Rejects with what the worker printed when it refuses to start. */
  static async start({ asRoot, path, ...network }: WorkerProcessOptions): Promise<WorkerProcess> {
    const places = makePlaces();
    const input: WorkerInput = { places, network: { ...egressDefaults, ...network } };
    const fixture = join(import.meta.dirname, "worker.fixture.ts");
    const own = ["/usr/bin/unshare", "--user", "--map-root-user", "--mount", "--"];
    const [program, ...rest] = [
      ...(asRoot ? [] : own),
      process.execPath,
      fixture,
      JSON.stringify(input),
    ];
    const child = spawn(program, rest, {
      stdio: ["ignore", "inherit", "pipe", "ipc"],
      env: { ...process.env, ...(path === undefined ? {} : { PATH: path }) },
    });
    let text = "";
    child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const ended = once(child, "close").then(() => {
      removePlaces(places);
      throw new Error(text);
    });
    ended.catch(() => undefined);
    const answer = await Promise.race([answerOf(child), ended]);
    return new WorkerProcess(child, answer.features ?? []);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async run(
    command: readonly string[],
    more: { readonly access?: NetworkAccess; readonly stays?: string } = {},
  ): Promise<Ran> {
    this.#child.send({ kind: "run", command, ...more } satisfies WorkerRequest);
    const { error, ran } = await answerOf(this.#child);
    if (ran === undefined) throw new Error(error ?? "the worker did not say what happened");
    return ran;
  }

  /** What a function gets that tries to reach these, one after the other. */
  async attempt(
    language: Language,
    targets: readonly Target[],
    access?: NetworkAccess,
  ): Promise<string[]> {
    const command = attempts(language, targets);
    const { stderr, stdout } = await this.run(command, access === undefined ? {} : { access });
    if (stderr !== "") throw new Error(stderr);
    return stdout.trim().split("\n");
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.send({ kind: "close" } satisfies WorkerRequest);
    const { error } = await answerOf(this.#child);
    if (error !== undefined) throw new Error(error);
    await exited;
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }
}

export const egressDefaults: EgressNetwork = {
  kind: "egress",
  uplink: "auto",
  addressRange: "169.254.192.0/18",
  allowLists: [],
  nameServers: [NAME_SERVER],
  ours: [],
  lambdaApi: undefined,
};

async function answerOf(child: ChildProcess): Promise<WorkerAnswer> {
  const [message] = (await once(child, "message")) as [WorkerAnswer];
  return message;
}
