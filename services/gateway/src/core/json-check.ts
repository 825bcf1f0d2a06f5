import { type ByteProblem, characterBytes } from "./utf8-check.ts";

/**
 * Says whether bytes are one JSON text, without building what they describe: an event is passed on
 * as it came. Texts and positions are those of the Jackson parser behind AWS's front end
 * (../shared/spec/lambda-spec.md §2.1): an unexpected character is reported where it stands, a
 * wrong token after its end. Nesting is bounded by the size of the payload only.
 */
const OBJECT = 0x7b;
const ARRAY = 0x5b;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

const validValue =
  "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/** The first thing that makes `bytes` no JSON, or undefined. */
export function findJsonProblem(bytes: Uint8Array): ByteProblem | undefined {
  return new JsonScanner(bytes).scan();
}

class JsonScanner {
  readonly #bytes: Uint8Array;
  /** Offsets of the containers that are open. */
  readonly #open: number[] = [];
  #at = 0;
  #problem: ByteProblem | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  scan(): ByteProblem | undefined {
    this.#skipSpace();
    if (this.#at >= this.#bytes.length) {
      return { at: this.#at, text: "No content to map due to end-of-input" };
    }
    // Each round takes one value, or opens one container, then closes what ends after it.
    do {
      if (!this.#takeValue()) return this.#problem;
    } while (this.#open.length > 0);
    this.#skipSpace();
    if (this.#at < this.#bytes.length)
      this.#unexpected("Expected space separating root-level values");
    return this.#problem;
  }

  /** False: a problem was found. True: go on with the value at the new position, if one is open. */
  #takeValue(): boolean {
    this.#skipSpace();
    const byte = this.#bytes[this.#at];
    if (byte === OBJECT || byte === ARRAY) {
      this.#open.push(this.#at);
      this.#at += 1;
      this.#skipSpace();
      const close = byte === OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
      if (this.#bytes[this.#at] !== close) return byte === ARRAY || this.#takeKey();
      this.#at += 1;
      this.#open.pop();
    } else if (!this.#takeScalar(byte)) {
      return false;
    }
    return this.#afterValue();
  }

  /** Closes containers that end here; then takes the comma, and the key that follows in an object. */
  #afterValue(): boolean {
    for (;;) {
      const opened = this.#open.at(-1);
      if (opened === undefined) return true;
      const inObject = this.#bytes[opened] === OBJECT;
      this.#skipSpace();
      const byte = this.#bytes[this.#at];
      if (byte === COMMA) {
        this.#at += 1;
        return inObject ? this.#takeKey() : true;
      }
      if (byte !== (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        const kind = inObject ? "Object" : "Array";
        return this.#unexpected(`was expecting comma to separate ${kind} entries`);
      }
      this.#at += 1;
      this.#open.pop();
    }
  }

  #takeKey(): boolean {
    this.#skipSpace();
    if (this.#bytes[this.#at] !== QUOTE) {
      return this.#unexpected("was expecting double-quote to start field name");
    }
    if (!this.#takeString()) return false;
    this.#skipSpace();
    if (this.#bytes[this.#at] !== COLON) {
      return this.#unexpected("was expecting a colon to separate field name and value");
    }
    this.#at += 1;
    return true;
  }

  #takeScalar(byte: number | undefined): boolean {
    if (byte === QUOTE) return this.#takeString();
    if (byte === MINUS || isDigit(byte)) return this.#takeNumber();
    if (isLetter(byte)) return this.#takeToken();
    return this.#unexpected(validValue);
  }

  #takeString(): boolean {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    for (;;) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        this.#at = at + 1;
        return true;
      }
      if (byte === BACKSLASH) {
        this.#at = at;
        if (!this.#takeEscape()) return false;
        at = this.#at;
      } else if (byte === undefined) {
        this.#at = at;
        return this.#fail(
          "Unexpected end-of-input: was expecting closing quote for a string value",
        );
      } else if (byte < 0x20) {
        this.#at = at;
        return this.#fail(
          `Illegal unquoted character (${shown(byte)}): has to be escaped using backslash to be included in string value`,
        );
      } else if (byte < 0x80) {
        at += 1;
      } else {
        const character = characterBytes(bytes, at);
        if (typeof character !== "number") {
          this.#problem = character;
          return false;
        }
        at += character;
      }
    }
  }

  #takeEscape(): boolean {
    this.#at += 1;
    const byte = this.#bytes[this.#at];
    if (byte === undefined)
      return this.#fail("Unexpected end-of-input in character escape sequence");
    const kind = String.fromCharCode(byte);
    if (!'"\\/bfnrtu'.includes(kind)) {
      return this.#fail(`Unrecognized character escape ${shown(byte)}`);
    }
    this.#at += 1;
    if (kind !== "u") return true;
    for (let digits = 0; digits < 4; digits += 1) {
      if (!isHexDigit(this.#bytes[this.#at])) {
        return this.#unexpected("expected a hex-digit for character escape sequence");
      }
      this.#at += 1;
    }
    return true;
  }

  #takeNumber(): boolean {
    if (this.#bytes[this.#at] === MINUS) this.#at += 1;
    if (!isDigit(this.#bytes[this.#at])) {
      return this.#unexpected("expected digit (0-9) to follow minus sign, for valid numeric value");
    }
    if (this.#bytes[this.#at] === ZERO) {
      this.#at += 1;
      if (isDigit(this.#bytes[this.#at])) {
        return this.#fail("Invalid numeric value: Leading zeroes not allowed");
      }
    }
    this.#skipDigits();
    if (this.#bytes[this.#at] === 0x2e) {
      this.#at += 1;
      if (!this.#takeDigits("Decimal point not followed by a digit")) return false;
    }
    if (((this.#bytes[this.#at] ?? 0) | 0x20) === 0x65) {
      this.#at += 1;
      const sign = this.#bytes[this.#at];
      if (sign === 0x2b || sign === MINUS) this.#at += 1;
      if (!this.#takeDigits("Exponent indicator not followed by a digit")) return false;
    }
    return true;
  }

  #takeDigits(otherwise: string): boolean {
    if (!isDigit(this.#bytes[this.#at])) return this.#unexpected(otherwise);
    this.#skipDigits();
    return true;
  }

  #skipDigits(): void {
    while (isDigit(this.#bytes[this.#at])) this.#at += 1;
  }

  #takeToken(): boolean {
    const start = this.#at;
    while (isLetter(this.#bytes[this.#at]) || isDigit(this.#bytes[this.#at])) this.#at += 1;
    const token = Buffer.from(this.#bytes.subarray(start, this.#at)).toString("latin1");
    if (token === "true" || token === "false" || token === "null") return true;
    const expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    return this.#fail(`Unrecognized token '${token.slice(0, 256)}': was expecting ${expected}`);
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at += 1;
    }
  }

  #unexpected(expectation: string): boolean {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) return this.#fail(`Unexpected end-of-input: ${expectation}`);
    const character = characterBytes(this.#bytes, this.#at);
    if (typeof character === "number") {
      const text = shown(byte, this.#bytes, this.#at);
      return this.#fail(`Unexpected character (${text}): ${expectation}`);
    }
    this.#problem = character;
    return false;
  }

  #fail(text: string): false {
    this.#problem = { at: this.#at, text };
    return false;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function isLetter(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || byte === 0x5f || byte === 0x24;
}

function isHexDigit(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return isDigit(byte) || (lower >= 0x61 && lower <= 0x66);
}

/** `'D' (code 68)`, `(CTRL-CHAR, code 10)`; a character of several bytes is shown whole. */
function shown(byte: number, bytes?: Uint8Array, at = 0): string {
  if (byte < 0x20 || byte === 0x7f) return `(CTRL-CHAR, code ${byte})`;
  if (byte < 0x80 || bytes === undefined) return `'${String.fromCharCode(byte)}' (code ${byte})`;
  const character = Buffer.from(bytes.subarray(at, at + 4)).toString("utf8");
  const code = character.codePointAt(0) ?? byte;
  const hex = code > 0xff ? ` / 0x${code.toString(16)}` : "";
  return `'${String.fromCodePoint(code)}' (code ${code}${hex})`;
}
