/**
 * Bounds of reading archives. Sizes that AWS names are in `@paddock/contracts` limits.
 */
export const archiveLimits = {
  /** One name; what Linux takes for a path. */
  nameBytes: 4095,
  nameComponentBytes: 255,
  /** Depth of directories: nothing sane is deeper, and each level costs an inode. */
  nameComponents: 128,
  /** Target of a symbolic link. */
  linkTargetBytes: 4095,
  /** Up to here inflating on this thread is cheaper than a trip to the thread pool. */
  inflateInlineBytes: 64 * 1024,
  /** Files that are written at the same time. */
  parallelWrites: 8,
} as const;
