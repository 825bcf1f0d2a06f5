import { isAbsolute, resolve } from "node:path";
import { z } from "zod";

/** Building blocks of settings: each reads text as well as the JSON value it stands for. */

const numberFromText = (value: unknown): unknown =>
  typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;

const itemsFromText = (value: unknown): unknown => {
  if (typeof value !== "string") return value;
  const text = value.trim();
  return text === "" ? [] : text.split(",").map((item) => numberFromText(item));
};

export function wholeNumber(minimum: number, maximum: number) {
  const range = `must be a whole number from ${minimum} to ${maximum}`;
  return z.preprocess(
    numberFromText,
    z.number(range).int(range).min(minimum, range).max(maximum, range),
  );
}

/** A port to listen on or to connect to. */
export const tcpPort = wholeNumber(1, 65_535);

/** Comma-separated text, or a JSON array. */
export function wholeNumbers(minimum: number, maximum: number, longest: number) {
  const range = `must be at most ${longest} whole numbers from ${minimum} to ${maximum}, separated by commas`;
  return z.preprocess(
    itemsFromText,
    z
      .array(z.number(range).int(range).min(minimum, range).max(maximum, range), range)
      .max(longest, range),
  );
}

/** Relative paths are taken from the current directory and become absolute. */
export const directoryPath = z
  .string("must name a directory")
  .min(1, "must name a directory")
  .transform((path) => (isAbsolute(path) ? path : resolve(path)));

/** Text that holds JSON; what is none stays text, and fails for that. */
export function jsonFromText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Of IPv4, in the usual notation, with no bits set beyond the prefix. */
export function ipv4Range(longestPrefix: number) {
  const size = longestPrefix === 0 ? "" : `, /${longestPrefix} or larger`;
  const message = `must be a range of IPv4 addresses such as 10.1.0.0/16${size}`;
  return z.cidrv4(message).refine((text) => {
    const [address = "", prefix = ""] = text.split("/");
    const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
    const isShortEnough = longestPrefix === 0 || Number(prefix) <= longestPrefix;
    return isShortEnough && value % 2 ** (32 - Number(prefix)) === 0;
  }, message);
}

/** Comma-separated text, or a JSON array. */
export function addresses(most: number) {
  const message = `must be at most ${most} IP addresses, separated by commas`;
  const list = z.array(z.union([z.ipv4(), z.ipv6()], message), message).max(most, message);
  return z.preprocess(itemsFromText, list);
}

export function urlOf(...schemes: readonly string[]) {
  const message = `must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`;
  return z
    .string(message)
    .refine(
      (text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)),
      message,
    );
}
