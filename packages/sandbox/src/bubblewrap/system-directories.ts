import { lstatSync, readlinkSync } from "node:fs";
import type { SystemDirectory } from "./arguments.ts";

const candidates = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

/** Links into /usr on a merged system, directories of their own on an older one. */
export function systemDirectories(): SystemDirectory[] {
  return candidates.flatMap((path) => {
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (status === undefined) return [];
    return [{ path, link: status.isSymbolicLink() ? readlinkSync(path) : undefined }];
  });
}
