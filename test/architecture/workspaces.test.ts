/** package.json files: doors, exact single versions, declared and referenced neighbours. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { allDependencies, type Manifest, manifests, read, root } from "./repository.ts";

const all = manifests();
const workspaces = all.filter(({ folder }) => folder !== ".");
const isNeighbour = (name: string) => name.startsWith("@paddock/");

/** What a package may show beside its main door. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  "@paddock/contracts": [".", "./aws", "./admin"],
  // For the supervisor, which starts servers before it could use the rest of these packages.
  "@paddock/bus": [".", "./server-config"],
  "@paddock/store": [".", "./embedded"],
};
const USUAL_DOORS = [".", "./internal"];

describe("exports", () => {
  it("are the main door and the doors that are agreed", () => {
    for (const { name, exports } of workspaces) {
      const allowed = DOORS[name] ?? USUAL_DOORS;
      expect(
        Object.keys(exports).filter((door) => !allowed.includes(door)),
        name,
      ).toEqual([]);
    }
  });

  it("name files that exist, each door with explicit names", () => {
    for (const { folder, exports } of workspaces) {
      for (const file of Object.values(exports)) {
        expect(existsSync(join(root, folder, file)), `${folder}/${file}`).toBe(true);
        expect(read(join(folder, file)), `${folder}/${file}`).not.toMatch(/export \*/);
      }
    }
  });
});

describe("versions", () => {
  it("are exact", () => {
    const exact = /^(npm:[@\w/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;
    const loose = all.flatMap((manifest) =>
      allDependencies(manifest).filter(([, version]) => !exact.test(version)),
    );
    expect(loose).toEqual([]);
  });

  it("are the same wherever a dependency is named", () => {
    const versions = new Map<string, Set<string>>();
    for (const [name, version] of all.flatMap(allDependencies)) {
      versions.set(name, (versions.get(name) ?? new Set()).add(version));
    }
    const several = [...versions].filter(([, found]) => found.size > 1);
    expect(several.map(([name, found]) => `${name}: ${[...found].join(", ")}`)).toEqual([]);
  });

  it("are those of package-lock.json, so that npm ci installs them", () => {
    const lock = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, Partial<Manifest>>;
    };
    for (const manifest of all) {
      const key = manifest.folder === "." ? "" : manifest.folder;
      const { dependencies, devDependencies, optionalDependencies } = manifest;
      expect(
        {
          dependencies: lock.packages[key]?.dependencies ?? {},
          devDependencies: lock.packages[key]?.devDependencies ?? {},
          optionalDependencies: lock.packages[key]?.optionalDependencies ?? {},
        },
        `${manifest.folder}: npm install --package-lock-only`,
      ).toEqual({ dependencies, devDependencies, optionalDependencies });
    }
  });
});

describe("project references", () => {
  it("are the workspaces that package.json names", () => {
    for (const manifest of workspaces) {
      const config = JSON.parse(read(join(manifest.folder, "tsconfig.json"))) as {
        references?: { path: string }[];
      };
      const referenced = (config.references ?? []).map(
        ({ path }) => `@paddock/${path.split("/").at(-1)}`,
      );
      const named = allDependencies(manifest)
        .map(([name]) => name)
        .filter(isNeighbour);
      expect(referenced.sort(), manifest.folder).toEqual(named.sort());
    }
  });

  it("of the root cover every workspace and the tests", () => {
    const { references } = JSON.parse(read("tsconfig.json")) as { references: { path: string }[] };
    const expected = [...workspaces.map(({ folder }) => folder), "test"].sort();
    expect(references.map(({ path }) => path).sort()).toEqual(expected);
  });
});
