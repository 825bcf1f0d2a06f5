/**
 * Images are sparse and may promise more than the disk has. What a function writes is in memory
 * first; could the disk not take it then, the function would read zeros later and never be told. So
 * before it comes to that, the fullest volume is given up: EIO for its environment, which is then
 * given another /tmp, and room on the disk for everybody else.
 *
 * How often it looks depends on how long the room lasts at the fastest that functions could write.
 */
import { statfs } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { sandboxLimits } from "../limits.ts";
import type { DiskUse, DiskVolume } from "./disk-volume.ts";

const MIB = 1024 * 1024;

export interface DiskGuardOptions {
  /** On the disk that is watched. */
  readonly directory: string;
  readonly volumes: () => readonly DiskVolume[];
  /** For the operator. */
  readonly onProblem: (problem: string) => void;
}

interface Use extends DiskUse {
  readonly volume: DiskVolume;
}

export class DiskGuard {
  readonly #options: DiskGuardOptions;
  readonly #closing = new AbortController();
  readonly #watching: Promise<void>;

  constructor(options: DiskGuardOptions) {
    this.#options = options;
    this.#watching = this.#watch();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const roomBytes = await this.#check().catch((error: unknown) => {
        this.#options.onProblem(`the disk below /tmp cannot be watched: ${String(error)}`);
        return 0;
      });
      await sleep(pauseMs(roomBytes), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Bytes that functions may still write before a volume has to be given up. */
  async #check(): Promise<number> {
    const uses = await this.#uses();
    let roomBytes = await this.#room(uses);
    for (const { volume, usedBytes } of uses.toSorted((a, b) => b.usedBytes - a.usedBytes)) {
      if (roomBytes >= 0 || usedBytes < sandboxLimits.volumeGivenUpMbMin * MIB) break;
      await volume.giveUp();
      roomBytes += usedBytes;
      const usedMb = String(Math.round(usedBytes / MIB));
      this.#options.onProblem(
        `the disk is full: /tmp of an environment was given up (${usedMb} MB)`,
      );
    }
    return roomBytes;
  }

  async #uses(): Promise<Use[]> {
    const uses: Use[] = [];
    for (const volume of this.#options.volumes()) {
      // Removed in the meantime, or given up: it needs no room any more.
      const use = await volume.use().catch(() => undefined);
      if (use !== undefined && !volume.isLost) uses.push({ volume, ...use });
    }
    return uses;
  }

  async #room(uses: readonly Use[]): Promise<number> {
    const { bavail, blocks, bsize } = await statfs(this.#options.directory);
    const freeBytes = bavail * bsize;
    let allocated = 0;
    let pending = 0;
    for (const { allocatedBytes, usedBytes } of uses) {
      allocated += allocatedBytes;
      pending += Math.max(0, usedBytes - allocatedBytes);
    }
    const { diskReserveMb, diskReserveShare, scratchReserveShare } = sandboxLimits;
    const reserve = Math.min(
      diskReserveMb * MIB,
      blocks * bsize * diskReserveShare,
      (freeBytes + allocated) * scratchReserveShare,
    );
    return freeBytes - pending - reserve;
  }
}

function pauseMs(roomBytes: number): number {
  const { diskCheckMsMax, diskCheckMsMin, writtenMbPerMs } = sandboxLimits;
  const lastsMs = roomBytes / (writtenMbPerMs * MIB);
  return Math.min(diskCheckMsMax, Math.max(diskCheckMsMin, lastsMs));
}
