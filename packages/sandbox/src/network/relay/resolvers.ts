/** The machine's name servers, as /etc/resolv.conf has them. */
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { sandboxLimits } from "../../limits.ts";

const FILE = "/etc/resolv.conf";

/** As many as the C library looks at; link-local IPv6 addresses carry their device (`%eth0`). */
export function parseResolvers(text: string): string[] {
  const found = [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, address]) => address ?? "");
  return found
    .filter((address) => isIP(address.replace(/%.*$/, "")) !== 0)
    .slice(0, sandboxLimits.resolvers);
}

/** Read again when it is asked for some time later: it changes when the machine moves. */
export class Resolvers {
  #known: readonly string[] = [];
  #readAtMs = Number.NEGATIVE_INFINITY;

  current(nowMs: number): readonly string[] {
    if (nowMs - this.#readAtMs >= sandboxLimits.resolversReadMs) {
      this.#readAtMs = nowMs;
      this.#known = readResolvers();
    }
    return this.#known;
  }
}

/** A file that is just being replaced is no reason to forget what was known: the next one is read. */
function readResolvers(): string[] {
  try {
    return parseResolvers(readFileSync(FILE, "utf8"));
  } catch {
    return [];
  }
}
