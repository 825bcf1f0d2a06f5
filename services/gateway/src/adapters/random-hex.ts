import { randomBytes } from "node:crypto";

/** 40 hexadecimal digits: what a trace header is made of. */
export function traceRandomHex(): string {
  return randomBytes(20).toString("hex");
}
