/** Images as such, without a sandbox: what they take, and what a full disk does to them. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { open, readFile, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireProgram } from "../host/programs.ts";
import { closeLater } from "../kernel/descriptors.ts";
import { attachMount } from "../kernel/file-systems.ts";
import { fileOfLoopDevice, loopDeviceNumbers } from "../kernel/loop-devices.ts";
import { unmount } from "../kernel/mounts.ts";
import { until } from "../sandboxes.fixture.ts";
import { DiskVolumes } from "./disk-volumes.ts";
import type { Volume } from "./port.ts";

const MIB = 1024 * 1024;
const mkfs = requireProgram("mkfs.ext4", "e2fsprogs");
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "paddock-volumes-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const bytesOnDisk = (path: string): number => statSync(path).blocks * 512;

/** Devices that show a file of this test. */
const attached = (): number =>
  loopDeviceNumbers().filter((number) => fileOfLoopDevice(number)?.includes(root)).length;

async function write(volume: Volume, name: string, megabytes: number): Promise<void> {
  const file = await open(join(volume.path, name), "w");
  try {
    for (let i = 0; i < megabytes; i += 1) await file.write(Buffer.alloc(MIB, i));
    await file.sync();
  } finally {
    await file.close();
  }
}

describe("an image", () => {
  it("takes a few kB while it is empty, and gives back what deleted files took", async () => {
    const directory = join(root, "images");
    mkdirSync(directory);
    const volumes = new DiskVolumes({ directory, mkfs });
    const volume = await volumes.create(10_240);
    const [name] = readdirSync(directory);
    const image = join(directory, name ?? "");
    expect(bytesOnDisk(image)).toBeLessThan(MIB);
    await write(volume, "large", 50);
    expect(bytesOnDisk(image)).toBeGreaterThan(50 * MIB);
    await unlink(join(volume.path, "large"));
    expect(bytesOnDisk(image)).toBeLessThan(2 * MIB);
    await volume.remove();
    await volumes.close();
  });

  it("and its loop device are gone when it is removed, with whatever is in it", async () => {
    const directory = join(root, "images");
    mkdirSync(directory);
    const volumes = new DiskVolumes({ directory, mkfs });
    const many = await Promise.all(Array.from({ length: 20 }, () => volumes.create(512)));
    expect(attached()).toBe(20);
    await Promise.all(many.map((volume, index) => write(volume, "file", index)));
    await Promise.all(many.map((volume) => volume.remove()));
    await until(() => attached() === 0);
    expect(readdirSync(directory)).toEqual([]);
    await volumes.close();
    expect(readdirSync(root)).toEqual([]);
  });

  it("that cannot be made leaves nothing and says why", async () => {
    const directory = join(root, "images");
    mkdirSync(directory);
    const volumes = new DiskVolumes({ directory, mkfs: "/bin/false" });
    await expect(volumes.create(512)).rejects.toThrow("cannot make a file system of 512 MB");
    expect(readdirSync(directory)).toEqual([]);
    await volumes.close();
  });
});

describe("a full disk", () => {
  it("is an error of the environment that writes, and of no other", async () => {
    // A disk of 64 MB: the images on it promise far more.
    const outside = join(root, "outside");
    const disk = join(root, "disk");
    for (const path of [outside, disk]) mkdirSync(path);
    const disks = new DiskVolumes({ directory: outside, mkfs });
    const small = await disks.create(64);
    const mount = await small.openMount();
    attachMount(mount, disk);
    await closeLater(mount);
    const directory = join(disk, "images");
    mkdirSync(directory);
    const volumes = new DiskVolumes({ directory, mkfs });
    const [careful, greedy] = [await volumes.create(512), await volumes.create(512)];
    await write(careful, "kept", 10);
    await expect(write(greedy, "too-large", 200)).rejects.toThrow("ENOSPC");
    // What was written before is what is read, also past the page cache's copy of it.
    const kept = await readFile(join(careful.path, "kept"));
    expect(
      kept.equals(Buffer.concat(Array.from({ length: 10 }, (_, i) => Buffer.alloc(MIB, i)))),
    ).toBe(true);
    // The greedy one is removed, and its room is there for others.
    await greedy.remove();
    await until(() => statfsSync(disk).bavail * 4096 > 40 * MIB);
    await writeFile(join(careful.path, "more"), Buffer.alloc(MIB), { flush: true });
    await write(careful, "and-more", 20);
    await careful.remove();
    await volumes.close();
    unmount(disk);
    await small.remove();
    await disks.close();
    await until(() => attached() === 0);
  });
});
