import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cliLimits } from "../limits.ts";
import { startChild } from "../supervisor/child-process.ts";
import type { ManagedProcess } from "../supervisor/managed-process.ts";
import { converse, type ProbeTarget, untilAnswers, WrongAnswer } from "./probe.ts";
import { tiedToParent } from "./server-command.ts";

export interface RedisServerOptions {
  readonly program: string;
  readonly setpriv: string | undefined;
  readonly port: number;
  readonly password: string;
  /** Holds redis.conf (0600) and the append-only file. */
  readonly directory: string;
  readonly logsDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
}

const sharedConfig = fileURLToPath(new URL("../../../../infra/redis/redis.conf", import.meta.url));

function command(...words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join("")}`;
}

/** Resolves with the server's version when it takes commands; rejects while it loads its file. */
export async function probeRedis(
  target: ProbeTarget,
  credentials: { readonly user?: string; readonly password?: string },
): Promise<string> {
  const { user, password } = credentials;
  const login = password === undefined ? "" : command("AUTH", ...(user ? [user] : []), password);
  const answer = await converse(
    target,
    `${login}${command("PING")}${command("INFO", "server")}`,
    (text) => /\+PONG[^]*redis_version:[^\r]*\r/.test(text) || /^-/m.test(text),
  );
  const refusal = /^-(.*)\r$/m.exec(answer)?.[1];
  if (refusal?.startsWith("LOADING") === true) throw new Error(refusal);
  if (refusal !== undefined) throw new WrongAnswer(`Redis answers: ${refusal}`);
  return /redis_version:(\S+)/.exec(answer)?.[1] ?? "unknown version";
}

function writeConfig(options: RedisServerOptions): string {
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  const path = join(options.directory, "redis.conf");
  const lines = [
    `include ${JSON.stringify(sharedConfig)}`,
    `port ${options.port}`,
    `dir ${JSON.stringify(options.directory)}`,
    `requirepass ${JSON.stringify(options.password)}`,
  ];
  writeFileSync(path, `${lines.join("\n")}\n`, { mode: 0o600 });
  return path;
}

export function redisServer(options: RedisServerOptions): ManagedProcess {
  const { port, password } = options;
  const target = { host: "127.0.0.1", port, tls: false };
  return {
    name: "redis",
    title: "Redis",
    after: [],
    stopWave: 9,
    start: (onExit, signal) =>
      startChild(
        {
          title: "Redis",
          command: tiedToParent([options.program, writeConfig(options)], options.setpriv),
          environment: options.environment,
          workingDirectory: options.directory,
          logFile: join(options.logsDirectory, "redis.log"),
          hasChannel: false,
          readyTimeoutMs: cliLimits.serverReadyMs,
          untilReady: async (_child, waiting) => {
            const version = await untilAnswers(() => probeRedis(target, { password }), waiting);
            return { detail: `${version}, port ${port}` };
          },
        },
        onExit,
        signal,
      ),
  };
}
