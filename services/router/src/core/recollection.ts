/**
 * What there was of a function version before: what environments were last made for, and the last of
 * them that was given up. It only serves to name the reason of a cold start; a router that has just
 * started knows of none.
 */
import type { ColdStartReason, Eviction, Target } from "@paddock/contracts";
import { routerLimits } from "../limits.ts";

interface Remembered {
  readonly configId: string;
  /** Absent where a worker had environments of it before this router could know. */
  readonly codeSha256?: string;
  eviction?: Eviction;
}

export class Recollection {
  readonly #versions = new Map<string, Remembered>();

  granted({ configId, ...version }: Target, codeSha256: string): void {
    const key = versionKey(version);
    this.#versions.delete(key);
    this.#remember(key, { configId, codeSha256 });
  }

  /** A worker has environments of the target; of several configurations, those granted last count. */
  seen({ configId, ...version }: Target): void {
    const key = versionKey(version);
    if (!this.#versions.has(key)) this.#remember(key, { configId });
  }

  /** Only of the configuration that is remembered: what replaced it says more. */
  evicted(target: Target, eviction: Eviction): void {
    const remembered = this.#versions.get(versionKey(target));
    if (remembered?.configId !== target.configId) return;
    if (eviction.atMs >= (remembered.eviction?.atMs ?? 0)) remembered.eviction = eviction;
  }

  /** Why there is no environment of the target at all. */
  reason(target: Target, codeSha256: string): ColdStartReason {
    const remembered = this.#versions.get(versionKey(target));
    if (remembered === undefined) return { kind: "first-request" };
    if (remembered.configId !== target.configId) {
      return { kind: "new-configuration", ...whatChanged(remembered, codeSha256) };
    }
    const { eviction } = remembered;
    return eviction === undefined ? { kind: "evicted" } : { kind: "evicted", eviction };
  }

  #remember(key: string, what: Remembered): void {
    this.#versions.set(key, what);
    const oldest = this.#versions.keys().next();
    if (this.#versions.size > routerLimits.rememberedVersions && oldest.value !== undefined) {
      this.#versions.delete(oldest.value);
    }
  }
}

function whatChanged(before: Remembered, codeSha256: string): Pick<ColdStartReason, "changed"> {
  if (before.codeSha256 === undefined) return {};
  return { changed: before.codeSha256 === codeSha256 ? "configuration" : "code" };
}

function versionKey({ functionName, version }: Omit<Target, "configId">): string {
  return `${functionName}/${version}`;
}
