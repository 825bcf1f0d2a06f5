/**
 * The /etc that sandboxes see: what programs need to resolve names, users, libraries and
 * certificates, and nothing that tells of the host. Written once for each worker.
 */
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { sandboxLimits } from "../limits.ts";

/** User and group inside, as observed on AWS. */
export const insideUser = { name: "sbx_user1051", id: 993 } as const;

const nobody = 65_534;
const written: Readonly<Record<string, string>> = {
  passwd:
    "root:x:0:0:root:/root:/bin/bash\n" +
    `${insideUser.name}:x:${String(insideUser.id)}:${String(insideUser.id)}::/tmp:/sbin/nologin\n` +
    `nobody:x:${String(nobody)}:${String(nobody)}:nobody:/nonexistent:/sbin/nologin\n`,
  group:
    `root:x:0:\n${insideUser.name}:x:${String(insideUser.id)}:\n` +
    `nogroup:x:${String(nobody)}:\n`,
  hosts: "127.0.0.1 localhost\n::1 localhost\n127.0.0.1 sandbox.localdomain sandbox\n",
  "nsswitch.conf":
    "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nservices: files\nprotocols: files\n",
};

/** Public by nature: copied from the host where it has them. */
const copied = [
  "ld.so.cache",
  "ld.so.conf",
  "services",
  "protocols",
  "mime.types",
  "ssl/openssl.cnf",
  "ssl/certs",
  "ssl/cert.pem",
  "pki/tls/certs",
  "pki/tls/cert.pem",
  "pki/tls/openssl.cnf",
  "pki/ca-trust/extracted",
  "ca-certificates/extracted",
  "crypto-policies/back-ends",
  // Debian's /usr/bin/awk, java and others lead through here.
  "alternatives",
];
const copiedPattern = /^java-[0-9a-z.-]+$/;

export interface EtcOptions {
  readonly nameServer: string | undefined;
  /** Where public files are copied from. */
  readonly source?: string;
}

export function writeEtc(target: string, { nameServer, source = "/etc" }: EtcOptions): void {
  mkdirSync(target, { mode: 0o755 });
  const texts = { ...written, "resolv.conf": resolvConf(nameServer) };
  for (const [name, text] of Object.entries(texts)) {
    writeFileSync(join(target, name), text, { mode: 0o644 });
  }
  symlinkSync("/usr/share/zoneinfo/Etc/UTC", join(target, "localtime"));
  symlinkSync("../usr/lib/os-release", join(target, "os-release"));
  const budget = { entries: sandboxLimits.etcEntries };
  for (const name of [
    ...copied,
    ...readdirSync(source).filter((name) => copiedPattern.test(name)),
  ]) {
    copyPublic(join(source, name), join(target, name), budget);
  }
}

/** Where there is no way out, one that refuses at once: a lookup fails instead of hanging. */
function resolvConf(nameServer: string | undefined): string {
  return nameServer === undefined
    ? "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"
    : `nameserver ${nameServer}\noptions timeout:5 attempts:2\n`;
}

/** Links as links, files and directories only if everybody on the host may read them. */
function copyPublic(source: string, target: string, budget: { entries: number }): void {
  const status = lstatSync(source, { throwIfNoEntry: false });
  budget.entries -= 1;
  if (status === undefined || budget.entries < 0 || existsSync(target)) {
    return;
  }
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
  if (status.isSymbolicLink()) {
    symlinkSync(readlinkSync(source), target);
  } else if (status.isDirectory()) {
    mkdirSync(target, { mode: 0o755 });
    for (const name of readdirSync(source)) {
      copyPublic(join(source, name), join(target, name), budget);
    }
  } else if (status.isFile() && (statSync(source).mode & 0o004) !== 0) {
    copyFileSync(source, target);
  }
}
