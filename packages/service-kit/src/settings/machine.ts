import { totalmem } from "node:os";

const MIB_BYTES = 1024 * 1024;

/** Memory of this machine, or of the container that this process is limited to. */
export function machineMemoryMb(): number {
  const limit = process.constrainedMemory();
  const total = totalmem();
  return Math.floor((limit > 0 && limit < total ? limit : total) / MIB_BYTES);
}
