/** The mount points of a sandbox's file system: runsc, which may not write there, finds them made. */
import { statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SystemDirectory } from "../confined/system-directories.ts";
import type { Slot } from "../host/directory.ts";
import type { ReadOnlyBind } from "../port.ts";

const directories = ["usr", "etc", "proc", "sys", "dev", "tmp"];

export interface RootLayout {
  readonly binds: readonly ReadOnlyBind[];
  readonly systemDirectories: readonly SystemDirectory[];
}

export function makeRoot(slot: Slot, { binds, systemDirectories }: RootLayout): void {
  for (const name of directories) slot.makeDirectory(`root/${name}`);
  for (const { path, link } of systemDirectories) {
    if (link === undefined) slot.makeDirectory(`root${path}`);
    else symlinkSync(link, join(slot.directory, "root", path));
  }
  for (const { source, target } of binds) {
    if (statSync(source).isDirectory()) {
      slot.makeDirectory(`root${target}`);
    } else {
      const parent = slot.makeDirectory(`root${dirname(target)}`);
      writeFileSync(join(parent, target.slice(dirname(target).length + 1)), "", { mode: 0o644 });
    }
  }
}
