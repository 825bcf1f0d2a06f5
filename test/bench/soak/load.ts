/**
 * Many invocations of many functions, a few of them popular, some failing in every way that a
 * function can; each answer is looked at.
 */
import { randomInt } from "node:crypto";
import { benchLimits } from "../lib/limits.ts";
import { createFunction, lambdaClient, signedInvoke, type Stack } from "../lib/stack.ts";
import { type Answer, Caller } from "./caller.ts";
import { behaviours, functionTimeoutSeconds, type Kind, kindAt, sources } from "./functions.ts";

export interface LoadSummary {
  readonly invocations: number;
  readonly seconds: number;
  readonly byKind: Record<string, number>;
  /** Answers that are not what the function was asked for. */
  readonly wrong: number;
  readonly firstWrong?: string;
}

interface Signed {
  readonly request: string;
  readonly signedAtMs: number;
}

const RESOLUTION = 1 << 30;
const chance = (): number => randomInt(RESOLUTION) / RESOLUTION;

export async function createFunctions(stack: Stack, python: string | undefined): Promise<string[]> {
  const client = lambdaClient(stack);
  const names = Array.from({ length: benchLimits.soakFunctions }, (_, index) => `soak-${index}`);
  const size = { MemorySize: 128, Timeout: functionTimeoutSeconds };
  for (const [index, name] of names.entries()) {
    const isPython = python !== undefined && index % 5 === 4;
    const runtime = isPython ? python : "nodejs24.x";
    const files = isPython ? sources.python : sources.node;
    await createFunction(client, name, runtime, { files, ...size });
  }
  return names;
}

export class SoakLoad {
  readonly #stack: Stack;
  readonly #names: readonly string[];
  readonly #signed = new Map<string, Signed>();
  readonly #byKind: Record<string, number> = {};
  #left: number;
  #wrong = 0;
  #firstWrong: string | undefined;

  constructor(stack: Stack, names: readonly string[], invocations: number) {
    this.#stack = stack;
    this.#names = names;
    this.#left = invocations;
  }

  async run(): Promise<LoadSummary> {
    const began = performance.now();
    const endAtMs = began + benchLimits.soakMs;
    const callers = Array.from({ length: benchLimits.soakCallers }, () => this.#call(endAtMs));
    await Promise.all(callers);
    return {
      invocations: Object.values(this.#byKind).reduce((sum, count) => sum + count, 0),
      seconds: Math.round((performance.now() - began) / 100) / 10,
      byKind: this.#byKind,
      wrong: this.#wrong,
      ...(this.#firstWrong === undefined ? {} : { firstWrong: this.#firstWrong }),
    };
  }

  async #call(endAtMs: number): Promise<void> {
    const caller = await Caller.open(this.#stack);
    while (this.#left > 0 && performance.now() < endAtMs) {
      this.#left -= 1;
      const kind = kindAt(chance());
      const answer = await caller.ask(this.#request(this.#pick(), kind));
      this.#byKind[kind] = (this.#byKind[kind] ?? 0) + 1;
      this.#check(kind, answer);
    }
    caller.close();
  }

  /** The first is asked for most often, the last fifty times more seldom. */
  #pick(): string {
    const { length } = this.#names;
    return this.#names[Math.floor(length ** chance()) - 1] ?? "";
  }

  /** A signature holds for five minutes. */
  #request(name: string, kind: Kind): string {
    const key = `${name}/${kind}`;
    const known = this.#signed.get(key);
    if (known !== undefined && Date.now() - known.signedAtMs < benchLimits.signatureMs) {
      return known.request;
    }
    const body = JSON.stringify({ kind });
    const request = signedInvoke(this.#stack, name, { body });
    this.#signed.set(key, { request, signedAtMs: Date.now() });
    return request;
  }

  #check(kind: Kind, { status, text }: Answer): void {
    const errorType = behaviours.find((each) => each.kind === kind)?.errorType;
    const body = text.slice(text.indexOf("\r\n\r\n") + 4);
    const isRight =
      status === 200 &&
      (errorType === undefined
        ? body === '{"ok":true}' || body === '{"ok": true}'
        : body.includes(`"errorType":"${errorType}"`) ||
          body.includes(`"errorType": "${errorType}"`));
    if (isRight) return;
    this.#wrong += 1;
    this.#firstWrong ??= `${kind}: ${status} ${body.slice(0, 300)}`;
  }
}
