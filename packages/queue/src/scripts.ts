import { readdirSync, readFileSync } from "node:fs";
import type { Redis } from "ioredis";

/**
 * Loads the Lua files. A file's name ends in the number of its keys, and its contract block must
 * name that many, or loading throws.
 */

const directory = new URL("./lua/", import.meta.url);
const FILE_NAME = /^([a-zA-Z]+)-(\d+)\.lua$/;

export type ScriptName =
  | "reserveEnvironment"
  | "releaseEnvironments"
  | "renewWorker"
  | "renewDispatchTerm"
  | "freeWorkers"
  | "settleQueue";

export interface Script {
  readonly name: string;
  readonly keyCount: number;
  readonly source: string;
}

export function loadScripts(): Script[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(".lua"))
    .map((file) => checkScript(file, readFileSync(new URL(file, directory), "utf8")));
}

/** Throws where the file's name and its contract do not agree on the keys. */
export function checkScript(file: string, source: string): Script {
  const [, name, count] = FILE_NAME.exec(file) ?? [];
  if (name === undefined || count === undefined) {
    throw new Error(`${file}: a script is named verbState-<number of keys>.lua`);
  }
  const contract = /^--\[\[([\s\S]*?)\]\]/.exec(source)?.[1];
  if (contract === undefined) throw new Error(`${file}: it must begin with its contract`);
  const named = new Set(contract.match(/KEYS\[\d+\]/g));
  if (named.size !== Number(count)) {
    throw new Error(`${file}: its name says ${count} keys, its contract names ${named.size}`);
  }
  return { name, keyCount: Number(count), source };
}

/** Runs the scripts on one connection; sends a script's text only where Redis lacks it. */
export class Scripts {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
    for (const script of loadScripts()) {
      redis.defineCommand(commandName(script.name), {
        numberOfKeys: script.keyCount,
        lua: script.source,
      });
    }
  }

  run(
    name: ScriptName,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    // ioredis adds defined commands at run time; its types cannot know them.
    const commands = this.#redis as unknown as Record<
      string,
      (...values: (string | number)[]) => Promise<unknown>
    >;
    const command = commands[commandName(name)];
    if (command === undefined) throw new Error(`there is no script ${name}`);
    return command.call(this.#redis, ...keys, ...args);
  }
}

function commandName(script: string): string {
  return `paddock_${script}`;
}
