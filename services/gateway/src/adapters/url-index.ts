import type { FunctionDirectory } from "@paddock/bus";
import type { UrlRecord } from "@paddock/contracts";

export interface ServedUrl {
  readonly functionName: string;
  readonly url: UrlRecord;
}

/** Function URLs by their ids, kept up to date with the functions. */
export class UrlIndex {
  readonly #functions: Pick<FunctionDirectory, "getFunction" | "onChange">;
  readonly #served = new Map<string, ServedUrl>();
  readonly #idsOf = new Map<string, readonly string[]>();
  readonly #off: () => void;

  /** Made before the directory is ready, so that nothing is missed. */
  constructor(functions: Pick<FunctionDirectory, "getFunction" | "onChange">) {
    this.#functions = functions;
    this.#off = functions.onChange(({ functionName, version }) => {
      if (version === undefined) this.#read(functionName);
    });
  }

  find(urlId: string): ServedUrl | undefined {
    return this.#served.get(urlId);
  }

  stop(): void {
    this.#off();
  }

  #read(functionName: string): void {
    for (const urlId of this.#idsOf.get(functionName) ?? []) this.#served.delete(urlId);
    const urls = this.#functions.getFunction(functionName)?.urls ?? [];
    for (const url of urls) this.#served.set(url.urlId, { functionName, url });
    if (urls.length === 0) this.#idsOf.delete(functionName);
    else
      this.#idsOf.set(
        functionName,
        urls.map(({ urlId }) => urlId),
      );
  }
}
