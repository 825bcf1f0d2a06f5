/** Images as such, without a sandbox: what they take, and what a full disk does to them. */
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { open, readFile, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireProgram } from "../host/programs.ts";
import { attachMount } from "../kernel/file-systems.ts";
import { call } from "../kernel/libc.ts";
import { fileOfLoopDevice, loopDeviceNumbers } from "../kernel/loop-devices.ts";
import { unmount } from "../kernel/mounts.ts";
import { until } from "../sandboxes.fixture.ts";
import { DiskVolumes } from "./disk-volumes.ts";
import type { Volume } from "./port.ts";
import { recordedLoopDevices, SpareLoopDevices } from "./spare-loop-devices.ts";

const MIB = 1024 * 1024;
const LOOP_CTL_ADD = 0x4c80;
const mkfs = requireProgram("mkfs.ext4", "e2fsprogs");
let root: string;
let problems: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "paddock-volumes-"));
  problems = [];
});
afterEach(() => rmSync(root, { recursive: true }));

const openVolumes = (directory: string, inheritedDevices: number[] = []): DiskVolumes => {
  mkdirSync(directory);
  const onProblem = (problem: string): number => problems.push(problem);
  return new DiskVolumes({ directory, mkfs, inheritedDevices, onProblem });
};

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
    const volumes = openVolumes(directory);
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
    const volumes = openVolumes(directory);
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
    const onProblem = (): void => undefined;
    const volumes = new DiskVolumes({ directory, mkfs: "/bin/false", onProblem });
    await expect(volumes.create(512)).rejects.toThrow("cannot make a file system of 512 MB");
    expect(readdirSync(directory)).toEqual([]);
    await volumes.close();
  });
});

describe("loop devices that the kernel made for a worker", () => {
  // Far beyond those that anybody uses.
  const numbers = [70_001, 70_002];

  beforeEach(() => {
    const control = openSync("/dev/loop-control", "r+");
    for (const number of numbers) call("ioctlNumber", "add", control, LOOP_CTL_ADD, number);
    closeSync(control);
  });

  it("are removed with it", async () => {
    const devices = new SpareLoopDevices(root, numbers);
    expect(recordedLoopDevices(root)).toEqual(numbers);
    await devices.close();
    expect(loopDeviceNumbers().filter((number) => numbers.includes(number))).toEqual([]);
  });

  it("are removed by the next worker when it was killed", async () => {
    new SpareLoopDevices(root, numbers);
    const next = openVolumes(join(root, "next"), recordedLoopDevices(root));
    await next.close();
    expect(loopDeviceNumbers().filter((number) => numbers.includes(number))).toEqual([]);
  });
});

describe("a full disk", () => {
  // A disk of 64 MB: the images on it promise far more.
  let disks: DiskVolumes;
  let disk: Volume;
  let volumes: DiskVolumes;
  const at = (): string => join(root, "disk");

  beforeEach(async () => {
    disks = openVolumes(join(root, "outside"));
    disk = await disks.create(64);
    mkdirSync(at());
    const mount = disk.openMount();
    attachMount(mount, at());
    closeSync(mount);
    volumes = openVolumes(join(at(), "images"));
  });

  afterEach(async () => {
    await volumes.close();
    unmount(at());
    await disk.remove();
    await disks.close();
    await until(() => attached() === 0);
  });

  const freeMb = (): number => (statfsSync(at()).bavail * 4096) / MIB;

  it("costs the fullest /tmp, and no other: it gets EIO instead of zeros, and its room is free", async () => {
    const [careful, greedy] = [await volumes.create(512), await volumes.create(512)];
    await write(careful, "kept", 10);
    // As functions do: nobody waits for the disk.
    await writeFile(join(greedy.path, "too-large"), Buffer.alloc(200 * MIB, 7)).catch(() => 0);
    await until(() => greedy.isLost);
    await expect(readFile(join(greedy.path, "too-large"))).rejects.toThrow("EIO");
    await until(() => problems.length > 0);
    expect(problems[0]).toMatch(
      /the disk is full: \/tmp of an environment was given up \(\d+ MB\)/,
    );
    await until(() => freeMb() > 40);
    expect(careful.isLost).toBe(false);
    const kept = Buffer.concat(Array.from({ length: 10 }, (_, i) => Buffer.alloc(MIB, i)));
    expect(kept.equals(await readFile(join(careful.path, "kept")))).toBe(true);
    await write(careful, "more", 20);
    await Promise.all([careful.remove(), greedy.remove()]);
    expect(problems).toHaveLength(1);
  });

  it("is not full before it is: what fits is written", async () => {
    const volume = await volumes.create(512);
    await write(volume, "fits", 40);
    await write(await volumes.create(512), "too", 1);
    expect(volume.isLost).toBe(false);
    expect(problems).toEqual([]);
    await volume.remove();
  });
});
