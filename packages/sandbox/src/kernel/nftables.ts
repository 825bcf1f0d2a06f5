/**
 * nftables by its own library: what the program `nft` is a shell around. A ruleset takes 5 ms and a
 * change 0.2 ms, without a process; and a table with `flags owner` belongs to this process, so that
 * nobody else's `nft flush ruleset` takes it away and the kernel does when the process ends, however
 * it ends.
 */
import koffi from "koffi";
import { SandboxError } from "../errors.ts";
import { closeAllOnExec } from "./descriptors.ts";

const LIBRARY = "libnftables.so.1";

type Context = object;

interface Library {
  open(flags: number): Context | null;
  close(context: Context): void;
  bufferOutput(context: Context): number;
  bufferErrors(context: Context): number;
  run(context: Context, text: string): number;
  output(context: Context): string | null;
  errors(context: Context): string | null;
}

let library: Library | undefined;

/** False where the library is not installed. */
export function hasNftables(): boolean {
  try {
    loadLibrary();
    return true;
  } catch {
    return false;
  }
}

function loadLibrary(): Library {
  if (library !== undefined) return library;
  const loaded = koffi.load(LIBRARY);
  library = {
    open: loaded.func("void *nft_ctx_new(uint32_t flags)"),
    close: loaded.func("void nft_ctx_free(void *context)"),
    bufferOutput: loaded.func("int nft_ctx_buffer_output(void *context)"),
    bufferErrors: loaded.func("int nft_ctx_buffer_error(void *context)"),
    run: loaded.func("int nft_run_cmd_from_buffer(void *context, const char *text)"),
    output: loaded.func("const char *nft_ctx_get_output_buffer(void *context)"),
    errors: loaded.func("const char *nft_ctx_get_error_buffer(void *context)"),
  };
  return library;
}

export class Nftables {
  readonly #library: Library;
  readonly #context: Context;

  private constructor(loaded: Library, context: Context) {
    this.#library = loaded;
    this.#context = context;
  }

  /** Speaks to the network namespace that the calling thread is in now. */
  static open(): Nftables {
    const loaded = loadLibrary();
    const context = loaded.open(0);
    if (context === null) throw new SandboxError("nftables cannot be opened");
    // The library's sockets are root's, and would be inherited.
    closeAllOnExec();
    loaded.bufferOutput(context);
    loaded.bufferErrors(context);
    return new Nftables(loaded, context);
  }

  /** All of the commands, or none; throws SandboxError with what nftables says. */
  run(doing: string, commands: string): void {
    if (this.#library.run(this.#context, commands) === 0) return;
    const said = this.#library.errors(this.#context)?.trim().split("\n")[0] ?? "";
    throw new SandboxError(`${doing}: ${said}`);
  }

  /**
   * What a `list` command prints; undefined where there is no such thing. As text, for version 1.0.6
   * prints memory that it has given back where a table has flags and JSON is asked for.
   */
  list(what: string): string | undefined {
    const isThere = this.#library.run(this.#context, `list ${what}`) === 0;
    const text = this.#library.output(this.#context) ?? "";
    if (isThere) return text;
    this.#library.errors(this.#context);
    return undefined;
  }

  /** Tables that this one owns go with it. */
  close(): void {
    this.#library.close(this.#context);
  }
}
