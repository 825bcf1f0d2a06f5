/** A native record that no event document can be made of, now or later. */
export class UntranslatableRecordError extends Error {
  override readonly name = "UntranslatableRecordError";
}
