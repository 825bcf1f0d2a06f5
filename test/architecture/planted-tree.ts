import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./repository.ts";

/**
 * Writes files (path → content) into a directory of their own, lets a check look at them, and removes
 * them. Below the root by default, so that libraries are found in the root's node_modules.
 */
export async function inPlantedTree<Result>(
  files: Readonly<Record<string, string>>,
  use: (tree: string) => Promise<Result>,
  parent = join(root, ".cache"),
): Promise<Result> {
  mkdirSync(parent, { recursive: true });
  const tree = mkdtempSync(join(parent, "planted-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), content);
    }
    return await use(tree);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}
