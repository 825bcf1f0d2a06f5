import { PaddockError } from "@paddock/contracts";

/** The bytes of a ZipFile member. Node skips what is no base64; a client that sent it is told. */
export function decodeZip(base64: string): Uint8Array {
  const bytes = Buffer.from(base64, "base64");
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  if (bytes.length === Math.floor(((base64.length - padding) * 3) / 4)) return bytes;
  throw new PaddockError("SerializationException", "Member 'ZipFile' is not valid base64.");
}
