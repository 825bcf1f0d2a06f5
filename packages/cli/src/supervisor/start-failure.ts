/** A process that did not become ready: why, and the last lines of its log. */
export class StartFailure extends Error {
  override readonly name = "StartFailure";
  readonly title: string;
  readonly reason: string;
  readonly logFile: string;
  readonly lastLines: readonly string[];

  constructor(
    title: string,
    reason: string,
    log: { readonly file: string; readonly lastLines: readonly string[] },
  ) {
    super(`${title} did not start: ${reason}`);
    this.title = title;
    this.reason = reason;
    this.logFile = log.file;
    this.lastLines = log.lastLines;
  }
}
