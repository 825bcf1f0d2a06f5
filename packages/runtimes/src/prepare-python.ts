/**
 * The Python bootstrap, compiled ahead for one interpreter: the folder that sandboxes see cannot be
 * written to, so that every boot would compile it again, which takes 8 ms of CPU and leaves 0.6 MB
 * of memory in pieces. Compiled files are never compared with their sources (PEP 552): the folder's
 * name says what it was made of.
 */
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { askInterpreter } from "./interpreter-version.ts";

export const pythonBootstrapFolder = fileURLToPath(new URL("./bootstraps/python", import.meta.url));

const temporaryPrefix = "compiling-";
/** Anybody may read what it makes: sandboxes run as users of their own. */
const compile = `
import os, py_compile, shutil, sys
source, target = sys.argv[1:3]
shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.ts", "*.md"))
for folder, _, names in os.walk(target):
    for name in names:
        file = os.path.join(folder, name)
        py_compile.compile(
            file,
            dfile="/var/runtime" + file[len(target):],
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
for folder, _, names in os.walk(target):
    os.chmod(folder, 0o755)
    for name in names:
        os.chmod(os.path.join(folder, name), 0o644)
print("compiled")
`;

export interface PreparePythonOptions {
  readonly executable: string;
  /** Such as 3.13.0. */
  readonly version: string;
  /** Holds such folders, and nothing else. */
  readonly directory: string;
}

/** The folder to show at /var/runtime; undefined where this interpreter could not compile it. */
export async function preparePythonBootstrap(
  options: PreparePythonOptions,
): Promise<string | undefined> {
  const { directory, executable, version } = options;
  const prepared = path.join(directory, await preparedName(version));
  if (existsSync(prepared)) return prepared;
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const temporary = path.join(directory, `${temporaryPrefix}${randomUUID()}`);
  const script = ["-I", "-c", compile, pythonBootstrapFolder, temporary];
  if ((await askInterpreter(executable, script)) === "compiled") {
    // Another worker may have been faster.
    await rename(temporary, prepared).catch(() => undefined);
  }
  await rm(temporary, { recursive: true, force: true });
  return existsSync(prepared) ? prepared : undefined;
}

/** What an older Paddock or a killed worker has left there. Sandboxes that see it keep seeing it. */
export async function removeOtherPreparations(
  directory: string,
  versions: readonly string[],
): Promise<void> {
  const wanted = new Set(await Promise.all(versions.map(preparedName)));
  const names = await readdir(directory).catch(() => []);
  const others = names.filter((name) => !wanted.has(name));
  await Promise.all(
    others.map((name) => rm(path.join(directory, name), { recursive: true, force: true })),
  );
}

async function preparedName(version: string): Promise<string> {
  sourceHash ??= hashOfSources();
  return `python${version}-${await sourceHash}`;
}

let sourceHash: Promise<string> | undefined;

async function hashOfSources(): Promise<string> {
  const names = await readdir(pythonBootstrapFolder, { recursive: true });
  const hash = createHash("sha256");
  for (const name of names.filter((each) => each.endsWith(".py")).toSorted()) {
    hash.update(`${name}\0`);
    hash.update(await readFile(path.join(pythonBootstrapFolder, name)));
  }
  return hash.digest("hex").slice(0, 16);
}
