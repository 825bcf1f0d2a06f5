/** Who this process is outside of any user namespace. */
import { readFileSync } from "node:fs";

export interface User {
  readonly isMachineRoot: boolean;
  /** As the machine knows it. */
  readonly uid: number;
}

export function currentUser(): User {
  return { isMachineRoot: isMachineRoot(), uid: outsideUser() };
}

/** In a user namespace of an ordinary user, id 0 is not the machine's root. */
export function isMachineRoot(): boolean {
  if (process.getuid?.() !== 0) return false;
  return /^\s*0\s+0\s+4294967295\s*$/.test(uidMap());
}

/** The user's id as the rest of the machine knows it. */
export function outsideUser(map = uidMap(), inside = process.getuid?.() ?? 0): number {
  const ranges = map.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const found = ranges.find(
    ([first = 0, , count = 0]) => inside >= first && inside < first + count,
  );
  const [first = 0, outside = 0] = found ?? [];
  return inside - first + outside;
}

function uidMap(): string {
  return readFileSync("/proc/self/uid_map", "utf8");
}
