import { archiveLimits } from "./limits.ts";

/**
 * The components of an entry's name below the root, or why the name is refused. `./` and doubled
 * slashes are dropped, as unzip does; whatever could lead out of the root is refused.
 */
export function splitName(name: string): { path: string[] } | { refused: string } {
  if (Buffer.byteLength(name) > archiveLimits.nameBytes) return { refused: "a name is too long" };
  if (name.includes("\0") || name.includes("\\")) return { refused: `bad character in ${name}` };
  if (name.startsWith("/") || /^[a-zA-Z]:/.test(name)) return { refused: `${name} is absolute` };
  const path = name.split("/").filter((component) => component !== "" && component !== ".");
  if (path.includes("..")) return { refused: `${name} leads out of the archive` };
  if (path.length > archiveLimits.nameComponents) return { refused: `${name} is too deep` };
  if (path.some((component) => Buffer.byteLength(component) > archiveLimits.nameComponentBytes)) {
    return { refused: `a component of ${name} is too long` };
  }
  return { path };
}

/**
 * Whether a link in the directory `from` stays below the root. `..` is allowed at the beginning
 * only: after a directory that is itself a link, `..` is not where it seems to be.
 */
export function linkStaysInside(from: readonly string[], target: string): boolean {
  if (target === "" || target.startsWith("/") || target.includes("\0")) return false;
  const components = target.split("/").filter((component) => component !== "" && component !== ".");
  const firstDown = components.findIndex((component) => component !== "..");
  const up = firstDown === -1 ? components.length : firstDown;
  return up <= from.length && !components.slice(up).includes("..");
}
