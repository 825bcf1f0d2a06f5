import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The command runs from the repository that it belongs to. */
export const repositoryRoot = fileURLToPath(new URL("../../../", import.meta.url));

/** What Node keeps of compiled modules; the same directory as in bin/paddock.mjs. */
export const compileCacheDirectory = join(
  repositoryRoot,
  "node_modules",
  ".cache",
  "paddock",
  "compile",
);
