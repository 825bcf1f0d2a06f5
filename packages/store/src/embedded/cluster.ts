import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { storeLimits } from "../limits.ts";
import { asOrdinaryUser, type PostgresBinaries } from "./binaries.ts";

/**
 * The files of one embedded server: `<dataDirectory>/cluster` and `<dataDirectory>/password` (0600).
 * The cluster is made under another name and renamed at the end, so that a start which was killed
 * half-way leaves nothing that looks like a cluster.
 */
export interface Cluster {
  readonly directory: string;
  readonly password: string;
}

export const clusterUser = "paddock";
/** Major version of the bundled server, as PG_VERSION in a cluster spells it. */
const majorVersion = "18";

export async function openCluster(
  dataDirectory: string,
  binaries: PostgresBinaries,
  options: { sync: boolean },
): Promise<Cluster> {
  const directory = join(dataDirectory, "cluster");
  const passwordFile = join(dataDirectory, "password");
  if (!existsSync(directory)) {
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
    await writeFile(passwordFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
    await initialise(directory, passwordFile, binaries, options);
  }
  await checkVersion(directory);
  return { directory, password: (await readFile(passwordFile, "utf8")).trim() };
}

async function checkVersion(directory: string): Promise<void> {
  const version = (await readFile(join(directory, "PG_VERSION"), "utf8")).trim();
  if (version === majorVersion) return;
  throw new Error(
    `The database in ${directory} was made by PostgreSQL ${version}, this Paddock brings ` +
      `PostgreSQL ${majorVersion}: use the Paddock that made it, or another data directory.`,
  );
}

async function initialise(
  directory: string,
  passwordFile: string,
  binaries: PostgresBinaries,
  options: { sync: boolean },
): Promise<void> {
  const unfinished = `${directory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await run([
    ...asOrdinaryUser(binaries.initdb, { lifeline: false }),
    `--pgdata=${unfinished}`,
    `--username=${clusterUser}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    ...(options.sync ? [] : ["--no-sync"]),
  ]);
  await rename(unfinished, directory);
}

async function run(command: readonly string[]): Promise<void> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    stdio: ["ignore", "ignore", "pipe"],
    timeout: storeLimits.postgresStartMs,
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4096);
  });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`initdb ended with ${code ?? signal}: ${errors.trim()}`));
    });
  });
}
