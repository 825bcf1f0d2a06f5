import { lstatSync, readlinkSync } from "node:fs";

/** One of the directories that modern systems have as links into /usr. */
export interface SystemDirectory {
  /** Such as `/lib64`. */
  readonly path: string;
  /** Where the link leads, or undefined when it is a directory of its own. */
  readonly link: string | undefined;
}

const candidates = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

/** Links into /usr on a merged system, directories of their own on an older one. */
export function systemDirectories(): SystemDirectory[] {
  return candidates.flatMap((path) => {
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (status === undefined) return [];
    return [{ path, link: status.isSymbolicLink() ? readlinkSync(path) : undefined }];
  });
}
