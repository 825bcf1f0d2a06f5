/** Decides what /tmp is kept in, and removes what dead workers left of theirs. */
import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, SandboxError } from "../errors.ts";
import { findProgram } from "../host/programs.ts";
import { isDeadWorker } from "../host/worker-name.ts";
import { sandboxLimits } from "../limits.ts";
import { DiskVolumes } from "./disk-volumes.ts";
import { MemoryVolumes } from "./memory-volumes.ts";
import type { VolumeSource } from "./port.ts";
import { recordedLoopDevices } from "./spare-loop-devices.ts";

/** `auto`: on disk where this machine and this user can, otherwise in memory. */
export type ScratchStorage = "auto" | "disk" | "memory";

export interface VolumesOptions {
  readonly storage: ScratchStorage;
  /** On disk. */
  readonly dataDirectory: string;
  /** See worker-name.ts. */
  readonly name: string;
  readonly isRoot: boolean;
  /** For volumes in memory: an empty directory in a file system of this worker. */
  readonly memoryDirectory: string;
  readonly onProblem: (problem: string) => void;
}

/** Rejects when the asked-for storage is not to be had; the message says what helps. */
export async function openVolumes(options: VolumesOptions): Promise<VolumeSource> {
  const { dataDirectory, memoryDirectory, name, storage } = options;
  const family = join(dataDirectory, "scratch");
  const inheritedDevices = await removeDeadImages(family);
  if (storage === "memory") {
    return new MemoryVolumes({ directory: memoryDirectory, reason: "as it was asked for" });
  }
  try {
    return await openDiskVolumes({
      ...options,
      directory: join(family, name),
      inheritedDevices,
    });
  } catch (error) {
    const reason = messageOf(error);
    if (storage === "disk") {
      throw new SandboxError(`/tmp on disk is not possible here: ${reason}`, { cause: error });
    }
    return new MemoryVolumes({ directory: memoryDirectory, reason });
  }
}

interface DiskOptions extends VolumesOptions {
  readonly directory: string;
  readonly inheritedDevices: readonly number[];
}

/** The whole way to a volume is gone once: what is missing shows at the start, not in a cold start. */
async function openDiskVolumes({
  directory,
  inheritedDevices,
  isRoot,
  onProblem,
}: DiskOptions): Promise<VolumeSource> {
  if (!isRoot) throw new SandboxError("loop devices and ext4 need the machine's root");
  if (!existsSync("/dev/loop-control")) {
    throw new SandboxError(
      "there are no loop devices: modprobe loop; a container needs --device /dev/loop-control " +
        "--device-cgroup-rule 'b 7:* rmw' --cap-add SYS_ADMIN",
    );
  }
  const mkfs = findProgram("mkfs.ext4");
  if (mkfs === undefined) {
    throw new SandboxError("the program mkfs.ext4 is missing: apt-get install e2fsprogs");
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const volumes = new DiskVolumes({ directory, mkfs, inheritedDevices, onProblem });
  try {
    await (await volumes.create(sandboxLimits.usualScratchMb)).remove();
    return volumes;
  } catch (error) {
    await volumes.close();
    throw error;
  }
}

/** Their mounts went with them; files stay, and loop devices, whose numbers this resolves with. */
async function removeDeadImages(family: string): Promise<readonly number[]> {
  mkdirSync(family, { recursive: true });
  // Other users of the host get no further.
  chmodSync(family, 0o700);
  const dead = readdirSync(family).slice(0, sandboxLimits.staleEntries).filter(isDeadWorker);
  const directories = dead.map((name) => join(family, name));
  const devices = directories.flatMap(recordedLoopDevices);
  await Promise.all(directories.map((path) => rm(path, { recursive: true, force: true })));
  return devices;
}
