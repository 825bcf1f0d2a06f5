/** Python runtimes: what the system, /usr/local, pyenv and PATH have, one for each 3.x release. */
import { readdirSync, realpathSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { askInterpreter } from "./interpreter-version.ts";
import type { RuntimeDefinition } from "./port.ts";
import {
  preparePythonBootstrap,
  pythonBootstrapFolder,
  removeOtherPreparations,
} from "./prepare-python.ts";
import { systemEnvironment } from "./system-environment.ts";

const oldestMinor = 9;
const newestMinor = 14;
/** Prints release, installation folder and the interpreter itself; -I keeps the user's site out. */
const question =
  "import sys; print('.'.join(map(str, sys.version_info[:3])), sys.base_prefix, sys.executable, sep='\\n')";

interface PythonInstallation {
  readonly minor: number;
  readonly version: string;
  readonly prefix: string;
  readonly executable: string;
}

export interface DiscoverPythonOptions {
  /** Further folders, separated as in PATH. */
  readonly searchPath?: string;
  /** Where bootstraps may be kept that were compiled ahead; without it they are compiled at each boot. */
  readonly preparedDirectory?: string;
}

export async function discoverPythonRuntimes({
  searchPath = "",
  preparedDirectory,
}: DiscoverPythonOptions = {}): Promise<readonly RuntimeDefinition[]> {
  const asked = await Promise.all(candidatePrograms(searchPath).map(ask));
  const byMinor = new Map<number, PythonInstallation>();
  for (const installation of asked) {
    if (installation === undefined || byMinor.has(installation.minor)) continue;
    byMinor.set(installation.minor, installation);
  }
  const found = [...byMinor.values()].toSorted((a, b) => a.minor - b.minor);
  if (preparedDirectory === undefined) return found.map((each) => define(each));
  const versions = found.map(({ version }) => version);
  await removeOtherPreparations(preparedDirectory, versions);
  return Promise.all(
    found.map(async (each) => {
      const prepare = { ...each, directory: preparedDirectory };
      return define(each, await preparePythonBootstrap(prepare));
    }),
  );
}

/** In order of preference, each real file once: shims would start another program. */
function candidatePrograms(searchPath: string): readonly string[] {
  const further = searchPath
    .split(":")
    .filter((folder) => path.isAbsolute(folder) && !folder.endsWith("/shims"));
  const folders = ["/usr/bin", "/usr/local/bin", ...pyenvFolders(), ...further];
  const found = folders.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => /^python3\.[0-9]{1,2}$/.test(name))
      .map((name) => path.join(folder, name)),
  );
  return [...new Set(found.map(realPath).filter((file) => file !== undefined))];
}

function pyenvFolders(): readonly string[] {
  const versions = path.join(os.homedir(), ".pyenv", "versions");
  return namesIn(versions).map((name) => path.join(versions, name, "bin"));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function realPath(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}

async function ask(program: string): Promise<PythonInstallation | undefined> {
  const answer = await askInterpreter(program, ["-I", "-c", question]);
  const [version, prefix, executable] = answer?.split("\n") ?? [];
  if (version === undefined || prefix === undefined || executable === undefined) return undefined;
  const minor = Number(version.split(".")[1]);
  if (!version.startsWith("3.") || minor < oldestMinor || minor > newestMinor) return undefined;
  return { minor, version, prefix, executable };
}

function define(
  { minor, version, prefix, executable }: PythonInstallation,
  bootstrapFolder = pythonBootstrapFolder,
): RuntimeDefinition {
  const isSystem = prefix === "/usr";
  const program = isSystem ? executable : `/var/lang/bin/python3.${minor}`;
  return {
    identifier: `python3.${minor}`,
    transport: "channel",
    // Unbuffered, nothing written beside the code, and no site folder of a user.
    command: [program, "-u", "-B", "-s", "/var/runtime/bootstrap.py"],
    binds: [
      ...(isSystem ? [] : [{ source: prefix, target: "/var/lang" }]),
      { source: bootstrapFolder, target: "/var/runtime" },
    ],
    environment: {
      ...systemEnvironment,
      LC_CTYPE: "C.UTF-8",
      PYTHONPATH: "/var/runtime",
      AWS_EXECUTION_ENV: `AWS_Lambda_python3.${minor}`,
    },
    runtimeVersion: `python:3.${minor}.v${version}`,
    preBootable: true,
  };
}
