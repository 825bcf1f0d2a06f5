/** Bounded file systems for /tmp, whatever they are kept in. */

export interface VolumeSource {
  /** What is in force, for the start-up message. */
  readonly feature: string;
  /** An empty one, of which anybody may write `sizeMb` and not much more: ENOSPC follows. */
  create(sizeMb: number): Promise<Volume>;
  /** Removes what is left. */
  close(): Promise<void>;
}

export interface Volume {
  readonly sizeMb: number;
  /** Shows it to this process, for as long as it exists. */
  readonly path: string;
  /** Its contents were given up, for want of disk: every access fails with EIO. */
  readonly isLost: boolean;
  /** A mount of it that is attached nowhere yet; the descriptor is the caller's. */
  openMount(): number;
  /** Gives back all that it took: when no process uses it any more. */
  remove(): Promise<void>;
}
