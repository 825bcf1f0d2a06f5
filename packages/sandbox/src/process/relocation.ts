/** Without a mount namespace, the paths that a command expects become the host's own. */
import type { Server } from "node:net";
import type { ReadOnlyBind, SandboxPaths } from "../port.ts";

export class Relocation {
  readonly #places: readonly (readonly [inside: string, outside: string])[];
  readonly #listener: Server | undefined;

  constructor(binds: readonly ReadOnlyBind[], paths: SandboxPaths, listener: Server | undefined) {
    this.#places = [
      ...binds.map(({ source, target }) => [target, source] as const),
      ["/var/task", paths.task],
      ["/opt", paths.opt],
      ["/tmp", paths.tmp],
    ];
    this.#listener = listener;
  }

  path(value: string): string {
    for (const [inside, outside] of this.#places) {
      if (value === inside) return outside;
      if (value.startsWith(`${inside}/`)) return `${outside}${value.slice(inside.length)}`;
    }
    return value;
  }

  /** Each value may be a list of paths, such as PATH. */
  environment(variables: Readonly<Record<string, string>>): Record<string, string> {
    const moved: Record<string, string> = {};
    for (const [name, value] of Object.entries(variables)) {
      moved[name] = value.startsWith("/") ? this.#paths(value) : value;
    }
    return { ...moved, ...this.#runtimeApi() };
  }

  #paths(list: string): string {
    const parts = list.split(":");
    return parts.map((part) => this.path(part)).join(":");
  }

  #runtimeApi(): Record<string, string> {
    const address = this.#listener?.address();
    if (address === undefined || address === null || typeof address === "string") return {};
    return { AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${String(address.port)}` };
  }
}
