import { type Bus, type KvWatch, openCredentials } from "@paddock/bus";
import type { CredentialRecord } from "@paddock/contracts";

/** The bucket `credentials` in memory. The root record comes from the settings at every start. */
export class KnownCredentials {
  readonly #records = new Map<string, CredentialRecord>();
  #watch: KvWatch | undefined;

  /** Resolves when the bucket is known and holds the root record. */
  static async open(bus: Bus, root: CredentialRecord): Promise<KnownCredentials> {
    const known = new KnownCredentials();
    const bucket = openCredentials(bus);
    known.#watch = await bucket.watch(({ key, value }) => {
      if (value === undefined) known.#records.delete(key);
      else known.#records.set(key, value);
    });
    // A root key of former settings must not open anything any more.
    for (const [accessKeyId, record] of known.#records) {
      const isFormerRoot = record.principalArn === root.principalArn;
      if (isFormerRoot && accessKeyId !== root.accessKeyId) await bucket.delete(accessKeyId);
    }
    await bucket.put(root.accessKeyId, root);
    known.#records.set(root.accessKeyId, root);
    return known;
  }

  readonly find = (accessKeyId: string): CredentialRecord | undefined =>
    this.#records.get(accessKeyId);

  stop(): void {
    this.#watch?.stop();
  }
}
