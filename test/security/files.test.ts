/**
 * Scenario: a function looks for files that are not its own. The host has a file that everybody on
 * it may read; another function, warm on the same worker, has secrets in its code and its /tmp.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeEscapes, type Escape, prisonerIn } from "./support/escapes.ts";
import { languages } from "./support/languages.ts";
import { access, admit, attempt, ownSecrets, secret, tell } from "./support/prison.ts";

const secrets = { code: secret("code"), scratch: secret("scratch"), host: secret("host") };
const victim = "files-victim";
const putSecret = ["put", "/tmp/secret.txt", secrets.scratch];
const hostDirectory = mkdtempSync(join(tmpdir(), "paddock-host-"));

beforeAll(async () => {
  chmodSync(hostDirectory, 0o755);
  writeFileSync(join(hostDirectory, "readable-by-all"), secrets.host, { mode: 0o644 });
  await admit(victim, "python", { files: { "secret.txt": secrets.code } });
  await attempt(victim, [putSecret]);
});

afterAll(() => rmSync(hostDirectory, { recursive: true, force: true }));

const hidden = [
  hostDirectory,
  access.dataDirectory,
  "/work",
  "/home",
  "/root",
  "/etc/shadow",
  "/etc/hostname",
  "/etc/machine-id",
  "/etc/ssh",
  "/run",
  "/boot",
  "/sys",
  "/sys/fs/cgroup",
  "/var/lib",
  "/var/log",
  "/dev/mem",
  "/dev/kmsg",
  "/dev/sda",
  "/dev/loop0",
  "/dev/loop-control",
  "/dev/fuse",
  "/dev/kvm",
  "/dev/net/tun",
];

const unwritable = [
  "/new",
  "/var/new",
  "/var/task/new",
  "/var/runtime/new",
  "/opt/new",
  "/opt/extensions/new",
  "/etc/passwd",
  "/etc/ld.so.preload",
  "/etc/new",
  "/usr/bin/env",
  "/usr/lib/new",
  "/usr/local/lib/new",
  "/lib/new",
  "/bin/sh",
  "/dev/new",
  "/proc/sys/kernel/core_pattern",
  "/proc/sys/kernel/hostname",
  "/proc/sys/kernel/modprobe",
  "/proc/sys/net/ipv4/ip_forward",
  "/proc/sys/vm/overcommit_memory",
  "/proc/sysrq-trigger",
  "/proc/self/oom_score_adj",
  "/proc/1/environ",
  "/sys/kernel/uevent_helper",
  "/sys/fs/cgroup/memory.max",
];

const rows: readonly Escape[] = [
  ...hidden.flatMap((path) => [
    { what: `reads ${path}`, attempt: ["read", path], refusal: ["ENOENT"] },
    { what: `lists ${path}`, attempt: ["list", path], refusal: ["ENOENT"] },
  ]),
  ...unwritable
    // Lowering one's own badness needs a privilege, opening the file does not.
    .filter((path) => path !== "/proc/self/oom_score_adj")
    .map((path) => ({
      what: `writes ${path}`,
      attempt: ["write", path],
      // ENOENT: procfs makes no files, and kernels are built without some of these.
      refusal: ["EROFS", "EACCES", "EPERM", "ENOENT"],
    })),
  {
    what: "is spared when memory runs out",
    attempt: ["put", "/proc/self/oom_score_adj", "-1000"],
    refusal: ["EACCES", "EPERM"],
  },
  ...[
    "/proc/1/root/etc/shadow",
    `/proc/1/root${hostDirectory}`,
    `/proc/1/cwd/../..${hostDirectory}`,
    `/proc/self/root/../..${hostDirectory}`,
    `/proc/self/fd/0/../..${hostDirectory}`,
    "/proc/kcore",
    "/proc/kmsg",
    "/proc/1/mem",
    "/proc/1/map_files",
  ].map((path) => ({
    what: `reads ${path}`,
    attempt: ["read", path],
    refusal: ["EACCES", "EISDIR", "EIO", "ENOENT", "ENOTDIR", "EPERM"],
  })),
];

describeEscapes("files", rows);

describe.each(languages)("a function (%s)", (language) => {
  const name = prisonerIn(language);

  it("finds the secrets of nobody else in any file that it sees", async () => {
    const texts = [...Object.values(secrets), ...ownSecrets()];
    expect(await tell(name, "search", ...texts)).toBe("");
    // The search finds what is there.
    const own = secret("own");
    const outcomes = await attempt(name, [
      ["put", "/tmp/own.txt", own],
      ["search", own],
    ]);
    expect(outcomes[1]).toEqual({ value: "/tmp/own.txt" });
  });

  it("has a /tmp that nobody else sees", async () => {
    const mine = secret("mine");
    const own = await attempt(name, [
      ["put", `/tmp/${mine}`, "mine"],
      ["read", `/tmp/${mine}`],
    ]);
    expect(own[1]).toEqual({ value: "mine" });
    const others = await attempt(victim, [putSecret, ["list", "/tmp"]]);
    expect(others[1]?.value?.split("\n")).toEqual(["secret.txt"]);
  });

  it("has devices that are harmless", async () => {
    const devices = ["full", "null", "ptmx", "pts", "random", "shm", "tty", "urandom", "zero"];
    const links = ["core", "fd", "stderr", "stdin", "stdout"];
    const found = (await tell(name, "list", "/dev")).split("\n");
    expect(found.sort()).toEqual([...devices, ...links].sort());
    expect(await tell(name, "list", "/dev/pts")).toBe("ptmx");
  });

  it("inherits no way in: its descriptors are pipes, sockets and its own files", async () => {
    const numbers = (await tell(name, "list", "/proc/self/fd")).split("\n");
    const outcomes = await attempt(
      name,
      numbers.map((number) => ["link", `/proc/self/fd/${number}`]),
    );
    const links = outcomes.map(({ value = "" }) => value).filter((link) => link !== "");
    expect(links.length).toBeGreaterThan(2);
    const harmless = /^(pipe:|socket:|anon_inode:|\/dev\/(null|urandom)$|\/proc\/\d+\/fd$)/;
    expect(links.filter((link) => !harmless.test(link))).toEqual([]);
    // Its two outputs, and the channel of our bootstraps; the native one has a connection at times.
    expect(links.filter((link) => link.startsWith("socket:")).length).toBeLessThanOrEqual(3);
  });
});

it("the victim is what the search would have found", async () => {
  const outcomes = await attempt(victim, [putSecret, ["search", ...Object.values(secrets)]]);
  expect(outcomes[1]?.value?.split("\n").sort()).toEqual([
    "/tmp/secret.txt",
    "/var/task/secret.txt",
  ]);
});
