/** Something that the user can put right. Its message is all they see: one clear sentence or two. */
export class UserError extends Error {
  override readonly name = "UserError";
}
