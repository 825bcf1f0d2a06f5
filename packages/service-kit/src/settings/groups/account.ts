import { z } from "zod";
import { wholeNumber } from "../schemas.ts";
import type { SettingWithDefault, SuppliedSetting } from "../setting.ts";

/** Text with one message, whether it has the wrong type or the wrong form. */
function textLike(form: RegExp, message: string) {
  return z.string(message).regex(form, message);
}

const region = textLike(/^[a-z]{2}(-[a-z]+)+-\d$/, "must look like a region, such as us-east-1");
const accountId = textLike(/^\d{12}$/, "must be 12 digits, in quotes where it is in a JSON file");
const accountConcurrency = wholeNumber(100, 1_000_000);
const codeStorageMb = wholeNumber(1, 1_000_000_000);
const accessKeyId = textLike(/^AKIA[A-Z0-9]{16}$/, "must be AKIA and 16 capital letters or digits");
const secretAccessKey = textLike(/^.{16,256}$/, "must be 16 to 256 characters");
const password = textLike(/^[A-Za-z0-9_-]{16,256}$/, "must be 16 to 256 letters, digits, - or _");

export const accountSettings = {
  region: {
    presence: "default",
    schema: region,
    group: "account",
    help: "Region in ARNs and signatures.",
    valueName: "name",
    fallback: () => "us-east-1",
  } satisfies SettingWithDefault<typeof region>,
  accountId: {
    presence: "default",
    schema: accountId,
    group: "account",
    help: "Account in ARNs.",
    valueName: "digits",
    fallback: () => "000000000000",
  } satisfies SettingWithDefault<typeof accountId>,
  accountConcurrency: {
    presence: "default",
    schema: accountConcurrency,
    group: "account",
    help: "Execution environments that all functions together may have busy at once. AWS keeps 100 unreserved, so fewer than 100 would throttle everything.",
    valueName: "count",
    fallback: () => 1000,
  } satisfies SettingWithDefault<typeof accountConcurrency>,
  codeStorageMb: {
    presence: "default",
    schema: codeStorageMb,
    group: "account",
    help: "Sum of the sizes of the archives of all functions, versions and layers, in MB. Beyond it nothing is published.",
    valueName: "mb",
    fallback: () => 307_200,
  } satisfies SettingWithDefault<typeof codeStorageMb>,
} as const;

function created<Schema extends z.ZodType>(
  schema: Schema,
  help: string,
  valueName: string,
): SuppliedSetting<Schema> {
  return {
    presence: "supplied",
    schema,
    group: "secrets",
    help,
    valueName,
    secret: true,
    suppliedText: "created on the first start, kept in `<data-dir>/secrets.json`",
  };
}

export const secretSettings = {
  rootAccessKeyId: created(
    accessKeyId,
    "Access key that signs requests as the account's root.",
    "key",
  ),
  rootSecretAccessKey: created(secretAccessKey, "Secret of the root access key.", "secret"),
  natsPassword: created(
    password,
    "Password of the NATS user `paddock`, as whom the services connect.",
    "password",
  ),
  adminToken: created(password, "Bearer token of Paddock's own API and of the dashboard.", "token"),
} as const;
