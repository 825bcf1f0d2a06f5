import { z } from "zod";
import { directoryPath, wholeNumber } from "../schemas.ts";
import type { SettingWithDefault } from "../setting.ts";

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
const logLevel = z.enum(logLevels, `must be one of ${logLevels.join(", ")}`);
const healthPort = wholeNumber(0, 65_535);

export const processSettings = {
  dataDirectory: {
    presence: "default",
    schema: directoryPath,
    group: "paths",
    help: "Directory of everything that is kept: functions, queues, ledger, logs, secrets.",
    valueName: "directory",
    outsideName: "dataDir",
    fallback: () => "./.paddock",
    fallbackText: "./.paddock",
  } satisfies SettingWithDefault<typeof directoryPath>,
  logLevel: {
    presence: "default",
    schema: logLevel,
    group: "process",
    help: "Least important log lines that services write.",
    valueName: "level",
    fallback: () => "info",
  } satisfies SettingWithDefault<typeof logLevel>,
  healthPort: {
    presence: "default",
    schema: healthPort,
    group: "process",
    help: "Loopback port of one service's `GET /health` endpoint; 0 is none. For services that are started one by one: `paddock up` does not pass it on, because all of them would get the same port.",
    valueName: "port",
    fallback: () => 0,
  } satisfies SettingWithDefault<typeof healthPort>,
} as const;
