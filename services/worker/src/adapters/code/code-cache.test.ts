/** Unpacked code on a real disk; archives come from a table that records what it is asked for. */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { workerName } from "@paddock/sandbox";
import { buildZip, eventually, type ZipEntry } from "@paddock/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CodeLease } from "../../ports.ts";
import { CodeCache } from "./code-cache.ts";

const MIB = 1024 * 1024;
let root: string;
let archives: Map<string, Buffer>;
let fetched: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "paddock-code-"));
  archives = new Map();
  fetched = [];
});
afterEach(() => rmSync(root, { recursive: true }));

function open(maxMb = 100, workerId = "worker"): Promise<CodeCache> {
  return CodeCache.open({
    directory: root,
    workerId,
    maxBytes: maxMb * MIB,
    fetch: async (sha256) => {
      fetched.push(sha256);
      const archive = archives.get(sha256);
      if (archive === undefined) throw new Error(`no archive ${sha256}`);
      return archive;
    },
    onProblem: (error) => {
      throw error;
    },
  });
}

/** Puts an archive where `fetch` finds it; its hash. */
async function store(files: Record<string, ZipEntry>): Promise<string> {
  const zip = await buildZip(files);
  const sha256 = createHash("sha256").update(zip).digest("hex");
  archives.set(sha256, zip);
  return sha256;
}

const storeLarge = (text: string): Promise<string> =>
  store({ "index.mjs": text, large: Buffer.alloc(MIB) });

const acquire = (cache: CodeCache, codeSha256: string, layers: string[] = []): Promise<CodeLease> =>
  cache.acquire({ codeSha256, layers });

/** What lies below the root, but for the folders that are always there. */
function unpackedFolders(): string[] {
  return readdirSync(root).flatMap((boot) =>
    readdirSync(join(root, boot)).flatMap((worker) => readdirSync(join(root, boot, worker))),
  );
}

/** Makes the folder of a worker of this process one of a process that ended. */
function pretendDeath(workerId: string): string {
  const [boot = ""] = readdirSync(root);
  const living = workerName(workerId);
  const dead = join(root, boot, living.replace(/\.\d+$/, ".1"));
  renameSync(join(root, boot, living), dead);
  return dead;
}

describe("code that environments ask for", () => {
  it("is fetched and unpacked once, however many ask at once, and shared", async () => {
    const cache = await open();
    const sha256 = await store({ "index.mjs": "the code" });
    const leases = await Promise.all(Array.from({ length: 50 }, () => acquire(cache, sha256)));
    expect(fetched).toEqual([sha256]);
    expect(new Set(leases.map(({ mounts }) => mounts.task)).size).toBe(1);
    expect(readFileSync(join(leases[0]?.mounts.task ?? "", "index.mjs"), "utf8")).toBe("the code");
    await acquire(cache, sha256);
    expect(fetched).toHaveLength(1);
  });

  it("is readable by all and writable by none but its owner, whatever the umask", async () => {
    const before = process.umask(0o077);
    try {
      const cache = await open();
      const sha256 = await store({ "lib/run": { content: "#!/bin/sh", mode: 0o777 }, data: "" });
      const { task } = (await acquire(cache, sha256)).mounts;
      const modes = [task, `${task}/lib`, `${task}/lib/run`, `${task}/data`];
      expect(modes.map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual([
        ...["755", "755", "755"],
        "644",
      ]);
      for (let path = dirname(task); path !== root; path = dirname(path)) {
        expect(statSync(path).mode & 0o055).toBe(0o055);
      }
    } finally {
      process.umask(before);
    }
  });

  it("that cannot be fetched or unpacked leaves nothing, and is asked for again", async () => {
    const cache = await open();
    const sha256 = await store({ "index.mjs": "late" });
    const zip = archives.get(sha256);
    archives.delete(sha256);
    await expect(acquire(cache, sha256)).rejects.toThrow("no archive");
    archives.set(sha256, Buffer.from("no zip"));
    await expect(acquire(cache, sha256)).rejects.toThrow("Could not unzip");
    expect(unpackedFolders()).toEqual([]);
    if (zip !== undefined) archives.set(sha256, zip);
    expect(existsSync((await acquire(cache, sha256)).mounts.task)).toBe(true);
  });
});

describe("the bound", () => {
  it("evicts what was used longest ago, and nothing that is leased", async () => {
    const cache = await open(4);
    const [leased, oldest, newer, newest] = await Promise.all(
      ["leased", "oldest", "newer", "newest"].map(storeLarge),
    );
    const lease = await acquire(cache, leased ?? "");
    for (const sha256 of [oldest, newer, oldest, newer])
      (await acquire(cache, sha256 ?? "")).release();
    (await acquire(cache, newest ?? "")).release();
    await eventually(() => expect(unpackedFolders()).toHaveLength(3));
    fetched.length = 0;
    for (const sha256 of [leased, newer, newest]) (await acquire(cache, sha256 ?? "")).release();
    expect(fetched).toEqual([]);
    await acquire(cache, oldest ?? "");
    expect(fetched).toEqual([oldest]);
    expect(existsSync(lease.mounts.task)).toBe(true);
  });

  it("is passed while all is leased, and kept when it is given back", async () => {
    const cache = await open(2);
    const all = await Promise.all(["a", "b", "c", "d"].map(storeLarge));
    const leases = await Promise.all(all.map((sha256) => acquire(cache, sha256)));
    expect(leases.every(({ mounts }) => existsSync(mounts.task))).toBe(true);
    for (const lease of leases) lease.release();
    await eventually(() => expect(unpackedFolders().length).toBeLessThanOrEqual(1));
    // A second release is none of another lease.
    const again = await acquire(cache, all[0] ?? "");
    for (const lease of leases) lease.release();
    await Promise.all(all.slice(1).map(async (sha256) => (await acquire(cache, sha256)).release()));
    expect(existsSync(again.mounts.task)).toBe(true);
  });

  it("and evicted code is unpacked anew, also while the old is being removed", async () => {
    const cache = await open(1);
    const sha256 = await storeLarge("code");
    for (let round = 1; round <= 5; round += 1) {
      const lease = await acquire(cache, sha256);
      expect(readFileSync(join(lease.mounts.task, "index.mjs"), "utf8")).toBe("code");
      expect(fetched).toHaveLength(round);
      lease.release();
    }
    await eventually(() => expect(unpackedFolders()).toEqual([]));
  });
});

describe("a worker that starts", () => {
  it("takes over what a dead one has unpacked, counts it, and removes what is half unpacked", async () => {
    const sha256 = await storeLarge("code");
    (await acquire(await open(100, "first"), sha256)).release();
    const dead = pretendDeath("first");
    mkdirSync(join(dead, "unpacking-1", "0"), { recursive: true });
    mkdirSync(join(dead, "evicted-1"));
    writeFileSync(join(dead, "unpacking-1", "0", "half"), "");
    const cache = await open(2, "second");
    expect(existsSync(dead)).toBe(false);
    expect(unpackedFolders()).toHaveLength(1);
    (await acquire(cache, sha256)).release();
    expect(fetched).toEqual([sha256]);
    (await acquire(cache, await storeLarge("more"))).release();
    await eventually(() => expect(unpackedFolders()).toHaveLength(1));
  });

  it("touches nothing of one that lives", async () => {
    const sha256 = await store({ "index.mjs": "code" });
    const living = await acquire(await open(100, "first"), sha256);
    const own = await acquire(await open(100, "second"), sha256);
    expect(own.mounts.task).not.toBe(living.mounts.task);
    expect(existsSync(living.mounts.task)).toBe(true);
  });

  it("does not trust what was unpacked before the machine started", async () => {
    const sha256 = await store({ "index.mjs": "code" });
    await acquire(await open(100, "first"), sha256);
    pretendDeath("first");
    const [boot = ""] = readdirSync(root);
    renameSync(join(root, boot), join(root, "another-boot"));
    await acquire(await open(100, "second"), sha256);
    expect(fetched).toHaveLength(2);
    await eventually(() => expect(existsSync(join(root, "another-boot"))).toBe(false));
  });
});

describe("layers", () => {
  const read = ({ mounts }: CodeLease, path: string): string =>
    readFileSync(join(mounts.opt ?? "", path), "utf8");

  it("are merged in their order: later ones over earlier ones", async () => {
    const cache = await open();
    const code = await store({ "index.mjs": "code" });
    const one = await store({ "lib/shared": "one", "lib/own-one": "1", "file-then-folder": "x" });
    const two = await store({ "lib/shared": "two", "file-then-folder/in": "y" });
    const three = await store({ "lib/shared": "three", bootstrap: { content: "b", mode: 0o755 } });
    const lease = await acquire(cache, code, [one, two, three]);
    expect(read(lease, "lib/shared")).toBe("three");
    expect(read(lease, "lib/own-one")).toBe("1");
    expect(read(lease, "file-then-folder/in")).toBe("y");
    expect(statSync(join(lease.mounts.opt ?? "", "bootstrap")).mode & 0o777).toBe(0o755);
    const reversed = await acquire(cache, code, [three, two, one]);
    expect(read(reversed, "lib/shared")).toBe("one");
    expect(read(reversed, "file-then-folder")).toBe("x");
    expect(read(lease, "lib/shared")).toBe("three");
    expect((await acquire(cache, code, [one, two, three])).mounts).toEqual(lease.mounts);
  });

  it("cannot write through each other's links", async () => {
    const cache = await open();
    const code = await store({ "index.mjs": "code" });
    const first = await store({
      "real/kept": "kept",
      folder: { symlink: "real" },
      file: { symlink: "real/kept" },
    });
    const second = await store({ "folder/planted": "planted", file: "replaced" });
    const lease = await acquire(cache, code, [first, second]);
    expect(read(lease, "folder/planted")).toBe("planted");
    expect(read(lease, "file")).toBe("replaced");
    expect(read(lease, "real/kept")).toBe("kept");
    expect(readdirSync(join(lease.mounts.opt ?? "", "real"))).toEqual(["kept"]);
  });

  it("that are missing give back the code's lease too", async () => {
    const cache = await open(1);
    const code = await storeLarge("code");
    const missing = "0".repeat(64);
    await expect(acquire(cache, code, [missing])).rejects.toThrow("no archive");
    await eventually(() => expect(unpackedFolders()).toEqual([]));
  });
});
