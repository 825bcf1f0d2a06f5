import type { z } from "zod";

/**
 * A channel is one kind of message on the bus: where it goes, what it looks like, what comes back.
 * The catalogue of channels is `subjects.ts`; nothing else spells a subject.
 */

/** How a message is laid out in bytes. */
export type Encoding =
  /** uint32 BE document length · JSON document · payload. */
  | "frame"
  /** JSON document only. */
  | "document"
  /** Payload only, as it came from outside. The document is undefined. */
  | "payload";

export interface Shape<Document> {
  readonly schema: z.ZodType<Document>;
  readonly encoding: Encoding;
}

/** Values of a subject's variable tokens. */
export type Address = Readonly<Record<string, string>>;

export interface Channel<A extends object, Document, Reply = never> {
  readonly name: string;
  readonly shape: Shape<Document>;
  /** What a receiver answers with, where an answer is expected. */
  readonly reply: Shape<Reply> | undefined;
  /** Receivers in this group share the messages; absent: each receives all. */
  readonly queueGroup: string | undefined;
  /** True: anybody may publish here, so replies go to public inboxes only. */
  readonly external: boolean;
  /** The subject for one address. Throws RangeError where a value is no subject token. */
  subject(address: A): string;
  /** The subject pattern of all messages with these values; a value left out matches any. */
  pattern(address?: Partial<A>): string;
  /** The address in a subject, undefined where the subject is none of this channel. */
  parse(subject: string): A | undefined;
}

export type StreamName = "ACCEPTED" | "LEDGER" | "LOGS" | "EVENTS";

/** A channel whose messages JetStream keeps. */
export interface DurableChannel<A extends object, Document> extends Channel<A, Document> {
  readonly stream: StreamName;
}

/** A version in a subject, a key or a queue name: `LATEST` for `$LATEST`. */
export function versionToken(version: string): string {
  return version === "$LATEST" ? "LATEST" : version;
}

export function versionFromToken(token: string): string {
  return token === "LATEST" ? "$LATEST" : token;
}

const TOKEN = /^[\w-]+$/;
const TAIL = /^[^\s.*>]+(\.[^\s.*>]+)*$/;

interface Codec {
  subject(address: Address): string;
  pattern(address: Partial<Record<string, string>>): string;
  parse(subject: string): Address | undefined;
}

/**
 * Compiles `paddock.worker.:workerId.run`. `:name` is one token, `:name*` (last) the rest of the
 * subject; a token called `version` is written with `versionToken`.
 */
export function compileTemplate(template: string): Codec {
  const parts = template.split(".").map((text) => {
    if (!text.startsWith(":")) return { text, name: undefined, tail: false };
    const tail = text.endsWith("*");
    return { text, name: text.slice(1, tail ? -1 : undefined), tail };
  });
  const literal = (name: string, tail: boolean, value: string | undefined): string => {
    const token = name === "version" && value !== undefined ? versionToken(value) : value;
    if (token === undefined || !(tail ? TAIL : TOKEN).test(token)) {
      throw new RangeError(`"${String(value)}" cannot be ${name} in the subject ${template}`);
    }
    return token;
  };
  return {
    subject: (address) =>
      parts
        .map((p) => (p.name === undefined ? p.text : literal(p.name, p.tail, address[p.name])))
        .join("."),
    pattern: (address) =>
      parts
        .map((p) => {
          if (p.name === undefined) return p.text;
          const value = address[p.name];
          if (value === undefined) return p.tail ? ">" : "*";
          return literal(p.name, p.tail, value);
        })
        .join("."),
    parse: (subject) => parseSubject(parts, subject),
  };
}

interface Part {
  readonly text: string;
  readonly name: string | undefined;
  readonly tail: boolean;
}

function parseSubject(parts: readonly Part[], subject: string): Address | undefined {
  const tokens = subject.split(".");
  const last = parts.at(-1);
  const fits = last?.tail === true ? tokens.length >= parts.length : tokens.length === parts.length;
  if (!fits) return undefined;
  const address: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const token = part.tail ? tokens.slice(index).join(".") : tokens[index];
    if (token === undefined) return undefined;
    if (part.name === undefined) {
      if (token !== part.text) return undefined;
    } else {
      if (!(part.tail ? TAIL : TOKEN).test(token)) return undefined;
      address[part.name] = part.name === "version" ? versionFromToken(token) : token;
    }
  }
  return address;
}
