/** An image file of an ext4 file system, mounted through a loop device. */
import { open } from "node:fs/promises";
import { openFileSystem, reopenFileSystem } from "../kernel/file-systems.ts";
import { attachLoopDevice } from "../kernel/loop-devices.ts";

export interface MountedImage {
  /** Holds the file system, which ends when this is closed and no namespace has it mounted. */
  readonly mount: number;
  readonly device: { readonly number: number; readonly path: string };
}

/**
 * Nobody reads an image after its environment has ended: so nothing waits for a disk (`nobarrier`);
 * what is deleted is given back to the disk below at once (`discard`); empty tables are not zeroed
 * once more in the background (`noinit_itable`); after an error of the disk it is read-only.
 */
const options = {
  nobarrier: true,
  discard: true,
  noinit_itable: true,
  errors: "remount-ro",
} as const;

export async function mountImage(path: string): Promise<MountedImage> {
  const device = await attach(path);
  try {
    const mount = await openFileSystem({ type: "ext4", source: device.path, options });
    return { mount, device: { number: device.number, path: device.path } };
  } finally {
    // From here on the mount keeps the device; without one it is free again.
    await device.handle.close();
  }
}

/** One more mount of the same file system; quick, for it is there already. */
export function mountAgain({ device }: MountedImage): number {
  return reopenFileSystem({ type: "ext4", source: device.path, options });
}

async function attach(path: string) {
  const image = await open(path, "r+");
  try {
    return await attachLoopDevice(image.fd);
  } finally {
    await image.close();
  }
}
