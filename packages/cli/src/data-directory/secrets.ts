import { randomBytes, randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { z } from "zod";
import { UserError } from "../user-error.ts";
import { dataPaths } from "./data-directory.ts";
import { readJson, writeJson } from "./files.ts";

/** `<data-directory>/secrets.json`, mode 0600: made on the first start and kept. */
const secretsSchema = z.object({
  rootAccessKeyId: z.string(),
  rootSecretAccessKey: z.string(),
  natsPassword: z.string(),
  redisPassword: z.string(),
  adminToken: z.string(),
});
export type Secrets = z.output<typeof secretsSchema>;

/** AWS's own form: AKIA and 16 letters or digits of base 32. */
function createAccessKeyId(): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return `AKIA${Array.from({ length: 16 }, () => letters[randomInt(letters.length)]).join("")}`;
}

function createSecrets(): Secrets {
  return {
    rootAccessKeyId: createAccessKeyId(),
    // 30 bytes are 40 characters, the length that AWS's secrets have.
    rootSecretAccessKey: randomBytes(30).toString("base64url"),
    natsPassword: randomBytes(24).toString("base64url"),
    redisPassword: randomBytes(24).toString("base64url"),
    adminToken: randomBytes(24).toString("base64url"),
  };
}

export function openSecrets(directory: string): Secrets {
  const path = dataPaths.secrets(directory);
  const known = readJson(path, secretsSchema);
  if (known !== undefined) return known;
  if (existsSync(path)) {
    throw new UserError(
      `${path} cannot be read: put back a copy, or remove it to get new keys and passwords on the next start.`,
    );
  }
  const secrets = createSecrets();
  writeJson(path, secrets);
  return secrets;
}
