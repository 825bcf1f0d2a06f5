const accepted = /^(Runtime|Function)\.[A-Z][a-zA-Z]+$/;

/** `Lambda-Runtime-Function-Error-Type` as Lambda takes it (spec §2.5). */
export function normaliseErrorType(header: string | undefined): string {
  if (header === undefined) return "Runtime.Unknown";
  if (accepted.test(header)) return header;
  return header.startsWith("Function.") ? "Function.Unknown" : "Runtime.Unknown";
}
