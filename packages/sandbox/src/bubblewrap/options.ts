export interface BubblewrapProviderOptions {
  /** 1–64 of `[a-zA-Z0-9-]`; names directories and control groups of this worker. */
  readonly workerId: string;
  /** On disk; scratch directories are made below it. */
  readonly dataDirectory: string;
  /** Where unpacked code lies: what `CodeMounts` names is usually below it, and costs nothing then. */
  readonly codeDirectory: string;
  /** Memory that all sandboxes together may use, in MB; absent: no limit but their own. */
  readonly memoryUseMb?: number;
  /** Otherwise `bwrap` of PATH. */
  readonly bubblewrapPath?: string;
}
