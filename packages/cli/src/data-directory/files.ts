import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { z } from "zod";

/** Replaces the file in one step: a reader sees the old document or the new one. Mode 0600. */
export function writeJson(path: string, document: unknown): void {
  const unfinished = `${path}.${process.pid}.tmp`;
  writeFileSync(unfinished, `${JSON.stringify(document, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, path);
}

/** Undefined where there is no such file, or one that does not fit. */
export function readJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): z.output<Schema> | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
