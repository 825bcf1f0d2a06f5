/** Which parts of a file are on the disk: lseek(2) with SEEK_DATA and SEEK_HOLE. */
import { call, KernelError } from "./libc.ts";

const SEEK_DATA = 3;
const SEEK_HOLE = 4;

export interface FileRange {
  readonly position: number;
  readonly bytes: number;
}

/** In order. What lies between them is zero. */
export function dataRanges(file: number): FileRange[] {
  const ranges: FileRange[] = [];
  for (let end = 0; ;) {
    const position = nextData(file, end);
    if (position === undefined) return ranges;
    end = call("lseek", "find the end of data", file, position, SEEK_HOLE);
    ranges.push({ position, bytes: end - position });
  }
}

function nextData(file: number, from: number): number | undefined {
  try {
    return call("lseek", "find data", file, from, SEEK_DATA);
  } catch (error) {
    if (error instanceof KernelError && error.code === "ENXIO") return undefined;
    throw error;
  }
}
