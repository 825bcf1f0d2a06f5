import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { natsServerConfig } from "@paddock/bus/server-config";
import { limits } from "@paddock/contracts";
import { z } from "zod";
import { cliLimits } from "../limits.ts";
import { startChild } from "../supervisor/child-process.ts";
import type { ManagedProcess } from "../supervisor/managed-process.ts";
import { converse, type ProbeTarget, untilAnswers, WrongAnswer } from "./probe.ts";
import { tiedToParent } from "./server-command.ts";

export interface NatsServerOptions {
  readonly program: string;
  readonly setpriv: string | undefined;
  readonly port: number;
  readonly password: string;
  /** Holds nats.conf (0600) and JetStream's files. */
  readonly directory: string;
  readonly logsDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What a NATS server says first. Source: https://docs.nats.io/reference/reference-protocols/nats-protocol#info */
const infoSchema = z.object({
  version: z.string(),
  max_payload: z.number(),
  jetstream: z.boolean().optional(),
});

/** Resolves with the server's version; throws WrongAnswer for a server that Paddock cannot use. */
export async function probeNats(target: ProbeTarget): Promise<string> {
  // The greeting comes in plain text even where TLS follows.
  const plain = { ...target, tls: false };
  const greeting = await converse(plain, "", (answer) => answer.includes("\r\n"));
  const document = /^INFO (\{.*\})/.exec(greeting)?.[1];
  if (document === undefined) throw new WrongAnswer("what answers there is not a NATS server");
  const info = infoSchema.parse(JSON.parse(document));
  if (info.jetstream !== true) throw new WrongAnswer("that NATS server has no JetStream");
  if (info.max_payload < limits.busMessageBytes) {
    throw new WrongAnswer(
      `that NATS server takes messages of ${info.max_payload} bytes, Paddock needs max_payload ${limits.busMessageBytes}`,
    );
  }
  return info.version;
}

function writeConfig(options: NatsServerOptions): string {
  const storeDirectory = join(options.directory, "jetstream");
  mkdirSync(storeDirectory, { recursive: true, mode: 0o700 });
  const path = join(options.directory, "nats.conf");
  const { port, password } = options;
  const text = natsServerConfig({ host: "127.0.0.1", port, password, storeDirectory });
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

export function natsServer(options: NatsServerOptions): ManagedProcess {
  return {
    name: "nats",
    title: "NATS",
    after: [],
    stopWave: 9,
    start: async (onExit, signal) => {
      const config = writeConfig(options);
      const target = { host: "127.0.0.1", port: options.port, tls: false };
      return startChild(
        {
          title: "NATS",
          command: tiedToParent([options.program, "--config", config], options.setpriv),
          environment: options.environment,
          workingDirectory: options.directory,
          logFile: join(options.logsDirectory, "nats.log"),
          hasChannel: false,
          readyTimeoutMs: cliLimits.serverReadyMs,
          untilReady: async (_child, waiting) => {
            const version = await untilAnswers(() => probeNats(target), waiting);
            return { detail: `${version}, port ${options.port}` };
          },
        },
        onExit,
        signal,
      );
    },
  };
}
