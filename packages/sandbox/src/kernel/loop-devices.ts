/**
 * Block devices that are files: include/uapi/linux/loop.h. A device that was attached here goes
 * back to the kernel by itself when nobody has it open or mounted any more, however its user ended.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { SandboxError } from "../errors.ts";
import { sandboxLimits } from "../limits.ts";
import { call, callLater, KernelError } from "./libc.ts";
import { littleEndian } from "./processes.ts";

const CONTROL = "/dev/loop-control";
const LOOP_CONFIGURE = 0x4c0a;
const LOOP_CTL_REMOVE = 0x4c81;
const LOOP_CTL_GET_FREE = 0x4c82;
const LO_FLAGS_AUTOCLEAR = 4;
/** struct loop_config: descriptor, block size, struct loop_info64 with its flags, reserved. */
const CONFIG_BYTES = 304;
const CONFIG_FLAGS_OFFSET = 8 + 52;
const LOOP_MAJOR = 7;
const BLOCK_DEVICE_OF_OWNER = 0o060_600;

export interface LoopDevice {
  readonly number: number;
  readonly path: string;
  /** Keeps the device attached until it is mounted; closing it is the caller's. */
  readonly handle: FileHandle;
}

/** Makes a free device show the whole file, whose own descriptor may be closed then. */
export async function attachLoopDevice(file: number): Promise<LoopDevice> {
  const control = await open(CONTROL, "r+");
  try {
    for (let attempt = 0; attempt < sandboxLimits.loopDeviceAttempts; attempt += 1) {
      const doing = "find a free loop device";
      const number = await callLater("ioctlNumber", doing, control.fd, LOOP_CTL_GET_FREE, 0);
      const device = await tryAttach(number, file);
      if (device !== undefined) return device;
    }
  } finally {
    await control.close();
  }
  throw new SandboxError("no loop device stayed free for long enough to be taken");
}

/** Takes a device from the kernel's list. False: somebody uses it, or it is gone already. */
export async function removeLoopDevice(number: number): Promise<boolean> {
  const control = await open(CONTROL, "r+");
  try {
    await callLater("ioctlNumber", "remove a loop device", control.fd, LOOP_CTL_REMOVE, number);
    return true;
  } catch {
    return false;
  } finally {
    await control.close();
  }
}

/** All of the machine, in use or not. */
export function loopDeviceNumbers(): number[] {
  const names = readdirSync("/sys/block").map((name) => /^loop(\d+)$/.exec(name)?.[1]);
  return names.filter((number) => number !== undefined).map(Number);
}

/** The file that a device shows, or undefined when it is free. */
export function fileOfLoopDevice(number: number): string | undefined {
  try {
    return readFileSync(`/sys/block/loop${String(number)}/loop/backing_file`, "utf8").trimEnd();
  } catch {
    return undefined;
  }
}

/** Undefined: somebody else was faster. */
async function tryAttach(number: number, file: number): Promise<LoopDevice | undefined> {
  const path = devicePath(number);
  const handle = await openDevice(path);
  if (handle === undefined) return undefined;
  try {
    await callLater("ioctl", `attach ${path}`, handle.fd, LOOP_CONFIGURE, configuration(file));
    return { number, path, handle };
  } catch (error) {
    await handle.close();
    if (error instanceof KernelError && error.code === "EBUSY") return undefined;
    throw error;
  }
}

/** Undefined: it was taken from the kernel's list since it was found. */
async function openDevice(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r+");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENXIO" || code === "ENOENT") return undefined;
    throw error;
  }
}

/** A container's /dev has the devices of its start only: others are made when they are needed. */
function devicePath(number: number): string {
  const path = `/dev/loop${String(number)}`;
  if (!existsSync(path)) {
    const device = (Math.trunc(number / 256) << 20) | (LOOP_MAJOR << 8) | (number & 0xff);
    call("mknod", `make ${path}`, path, BLOCK_DEVICE_OF_OWNER, device);
  }
  return path;
}

function configuration(file: number): Uint8Array {
  const bytes = new Uint8Array(CONFIG_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, file, littleEndian);
  view.setUint32(CONFIG_FLAGS_OFFSET, LO_FLAGS_AUTOCLEAR, littleEndian);
  return bytes;
}
