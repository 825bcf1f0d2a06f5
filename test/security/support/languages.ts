/** The probe in three runtimes: what a function can try depends on what it is written in. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import type { Runtime } from "@aws-sdk/client-lambda";
import type { ZipEntry } from "@paddock/testkit";
import { inject } from "vitest";
import { adminRead } from "./admin.ts";
import { installedPython } from "./installed-python.ts";

export interface Code {
  readonly runtime: Runtime;
  readonly handler: string;
  readonly files: Readonly<Record<string, ZipEntry>>;
}

export const languages = ["node", "python", "native"] as const;
export type Language = (typeof languages)[number];

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url));

export async function probeIn(language: Language): Promise<Code> {
  switch (language) {
    case "node":
      return {
        runtime: "nodejs24.x",
        handler: "probe.handler",
        files: { "probe.mjs": fixture("probe.mjs"), ...koffiFiles() },
      };
    case "python":
      return {
        runtime: installedPython(JSON.stringify(await adminRead("status"))),
        handler: "probe.handler",
        files: { "probe.py": fixture("probe.py") },
      };
    case "native":
      return {
        runtime: "provided.al2023",
        handler: "none",
        files: {
          bootstrap: { content: readFileSync(inject("prison").bootstrapPath), mode: 0o755 },
        },
      };
  }
}

/** The native module that the Node probe brings along, without what other systems need. */
function koffiFiles(): Record<string, ZipEntry> {
  const require = createRequire(import.meta.url);
  const modules = dirname(dirname(require.resolve("koffi")));
  const platform = `@koromix/koffi-linux-${process.arch}`;
  const needed = [
    "koffi/index.cjs",
    "koffi/index.js",
    "koffi/package.json",
    "koffi/src/koffi",
    `${platform}/index.js`,
    `${platform}/package.json`,
    `${platform}/linux_${process.arch}`,
  ];
  const paths = needed.flatMap((name) => filesBelow(join(modules, name)));
  return Object.fromEntries(
    paths.map((path) => [`node_modules/${relative(modules, path)}`, readFileSync(path)]),
  );
}

function filesBelow(path: string): string[] {
  try {
    return readdirSync(path).flatMap((name) => filesBelow(join(path, name)));
  } catch {
    // No directory.
    return [path];
  }
}
