/**
 * Where one worker keeps unpacked code: `<home>/code/<boot>/<worker's name>/<key>.<bytes>`.
 *
 * What a dead worker of the same boot has unpacked is taken over by the next one: renaming its
 * folder is something that only one of several workers can succeed in. What was unpacked before the
 * machine started is not: after a power cut, a file may be there without its contents.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isDeadWorker, workerName } from "@paddock/sandbox";

export interface UnpackedCode {
  readonly key: string;
  readonly bytes: number;
  readonly path: string;
}

export interface CodeFolder {
  readonly directory: string;
  /** Whole ones that were there before. */
  readonly found: readonly UnpackedCode[];
  /** Resolves when nothing of other boots and of dead workers is there any more. */
  readonly removed: Promise<unknown>;
}

const READABLE = 0o755;
const namePattern = /^((?:opt-)?[0-9a-f]{64})\.(\d+)$/;

export function unpackedPath(directory: string, key: string, bytes: number): string {
  return join(directory, `${key}.${bytes}`);
}

/** What was left half unpacked is removed before this resolves, and `removed` tells when all is. */
export async function openCodeFolder(root: string, workerId: string): Promise<CodeFolder> {
  makeReadable(root);
  const boot = bootId();
  const family = join(root, boot);
  makeReadable(family);
  const directory = join(family, workerName(workerId));
  takeOver(family, directory);
  makeReadable(directory);
  await removeAll(directory, (name) => !namePattern.test(name));
  const found = readdirSync(directory).flatMap((name) => unpackedFrom(directory, name));
  const removed = Promise.all([
    removeAll(root, (name) => name !== boot),
    removeAll(family, isDeadWorker),
  ]);
  return { directory, found, removed };
}

/** The folder of a dead worker, if there is one, becomes this worker's. */
function takeOver(family: string, directory: string): void {
  for (const name of readdirSync(family).filter(isDeadWorker)) {
    try {
      renameSync(join(family, name), directory);
      return;
    } catch {
      // Another worker that starts now was faster.
    }
  }
}

function unpackedFrom(directory: string, name: string): UnpackedCode[] {
  const [, key, bytes] = namePattern.exec(name) ?? [];
  if (key === undefined || bytes === undefined) return [];
  return [{ key, bytes: Number(bytes), path: join(directory, name) }];
}

/** Sandboxes run as users of their own, and have to get through whatever the worker's umask is. */
function makeReadable(directory: string): void {
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, READABLE);
}

async function removeAll(directory: string, isLeftOver: (name: string) => boolean): Promise<void> {
  const names = readdirSync(directory).filter(isLeftOver);
  await Promise.all(
    names.map((name) => rm(join(directory, name), { recursive: true, force: true })),
  );
}

/** Without the kernel's word for it, every start of a worker counts as one of the machine. */
function bootId(): string {
  const file = "/proc/sys/kernel/random/boot_id";
  return existsSync(file) ? readFileSync(file, "utf8").trim() : `${process.pid}-${Date.now()}`;
}
