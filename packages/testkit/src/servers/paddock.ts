import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort } from "../free-port.ts";
import { testkitLimits } from "../limits.ts";
import { startServer, type TestServer } from "./test-server.ts";

const run = promisify(execFile);
const command = fileURLToPath(new URL("../../../cli/bin/paddock.mjs", import.meta.url));

export interface PaddockOptions {
  /** Settings by flag, without the dashes: `{ "async-retry-delays-seconds": "1,1" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Words in front of each command, such as those of a test host. */
  readonly launcher?: readonly string[];
}

/** What clients need; names as the AWS SDKs have them. */
export interface PaddockAccess {
  readonly endpoint: string;
  readonly host: string;
  readonly port: number;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly adminToken: string;
  readonly natsUrl: string;
  readonly dataDirectory: string;
  /** The variables that `paddock env` prints. */
  readonly environment: Readonly<Record<string, string>>;
}

/** No test reaches outside: those about networks make a machine of their own, and ask for egress. */
const nothingOutside = { "sandbox-network": "closed" };

/** A whole Paddock: `paddock up` on free ports, with its data in a directory of its own. */
export interface TestPaddock extends TestServer {
  readonly access: PaddockAccess;
  /** Runs a `paddock` command against this stack; rejects where it fails. */
  cli(...args: readonly string[]): Promise<string>;
  /** Process ids of what the supervisor runs, by name: `worker`, `router`, `nats`, … */
  processes(): Promise<Readonly<Record<string, number>>>;
}

export async function startPaddock(options: PaddockOptions = {}): Promise<TestPaddock> {
  const server = await startServer({
    name: "paddock",
    url: (port) => `http://127.0.0.1:${port}`,
    async prepare({ port, directory }) {
      const ports = await otherPorts();
      const flags = { "data-dir": dataDirectory(directory), port: String(port), ...ports };
      const settings = Object.entries({ ...flags, ...nothingOutside, ...options.settings });
      const up = ["up", ...settings.flatMap(([name, value]) => [`--${name}`, value])];
      const [program, args] = commandLine(options, up);
      return {
        name: "paddock",
        command: program,
        args,
        workingDirectory: directory,
        env: { PATH: process.env["PATH"] },
        readyPattern: /Paddock is ready in/,
        stopSignal: "SIGINT",
        stopMs: testkitLimits.paddockStopMs,
      };
    },
  });
  const cli = async (...args: readonly string[]): Promise<string> => {
    const place = ["--data-dir", dataDirectory(server.directory)];
    const [program, all] = commandLine(options, [...args, ...place]);
    return (await run(program, all, { env: { PATH: process.env["PATH"] } })).stdout;
  };
  const access = accessOf(server, await cli("env"));
  // Getters of the server (pid, output) must stay getters.
  return Object.assign(server, { access, cli, processes: () => readProcesses(server.directory) });
}

async function otherPorts(): Promise<Record<string, string>> {
  const names = ["control-port", "redis-port", "postgres-port", "nats-port"];
  const ports = await Promise.all(names.map(() => freePort()));
  return Object.fromEntries(names.map((name, index) => [name, String(ports[index])]));
}

function dataDirectory(directory: string): string {
  return join(directory, "data");
}

async function readProcesses(directory: string): Promise<Readonly<Record<string, number>>> {
  const text = await readFile(join(dataDirectory(directory), "processes.json"), "utf8");
  // Written by the supervisor; a field that is missing fails the test that needs it.
  const identities = JSON.parse(text) as Record<string, { readonly pid: number }>;
  return Object.fromEntries(Object.entries(identities).map(([name, { pid }]) => [name, pid]));
}

function commandLine(
  { launcher = [] }: PaddockOptions,
  args: readonly string[],
): [program: string, args: string[]] {
  const [program = process.execPath, ...rest] = [...launcher, process.execPath, command, ...args];
  return [program, rest];
}

function accessOf(server: TestServer, exports: string): PaddockAccess {
  const lines = exports.matchAll(/^export ([A-Z_]+)=['"]?(.*?)['"]?$/gm);
  const environment = Object.fromEntries(
    [...lines].map(([, name, value]) => [name ?? "", value ?? ""]),
  );
  const variable = (name: string): string => {
    const value = environment[name];
    if (value === undefined) throw new Error(`paddock env does not print ${name}:\n${exports}`);
    return value;
  };
  return {
    endpoint: server.url,
    host: "127.0.0.1",
    port: server.port,
    region: variable("AWS_REGION"),
    accessKeyId: variable("AWS_ACCESS_KEY_ID"),
    secretAccessKey: variable("AWS_SECRET_ACCESS_KEY"),
    adminToken: variable("PADDOCK_ADMIN_TOKEN"),
    natsUrl: variable("NATS_URL"),
    dataDirectory: dataDirectory(server.directory),
    environment,
  };
}
