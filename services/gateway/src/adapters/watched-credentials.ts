import { type Bus, type KvWatch, openCredentials } from "@paddock/bus";
import type { CredentialRecord } from "@paddock/contracts";
import type { KnownCredentials } from "../ports.ts";

/** The bucket `credentials` in memory, kept up to date. */
export class WatchedCredentials implements KnownCredentials {
  readonly #records = new Map<string, CredentialRecord>();
  #watch: KvWatch | undefined;

  /** Resolves when all credentials that the bucket holds are known. */
  static async open(bus: Bus): Promise<WatchedCredentials> {
    const credentials = new WatchedCredentials();
    credentials.#watch = await openCredentials(bus).watch(({ key, value }) => {
      if (value === undefined) credentials.#records.delete(key);
      else credentials.#records.set(key, value);
    });
    return credentials;
  }

  /** An arrow, so that it can be handed on without a wrapper per request. */
  readonly find = (accessKeyId: string): CredentialRecord | undefined =>
    this.#records.get(accessKeyId);

  stop(): void {
    this.#watch?.stop();
  }
}
