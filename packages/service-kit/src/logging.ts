import { type Logger, pino } from "pino";
import { loadSettings } from "./settings/load-settings.ts";

export type { Logger } from "pino";

/**
 * JSON lines on stdout: level by name, ISO time, service, pid, message. Nothing here knows secrets:
 * never log settings, headers or events.
 */
export function createLogger(
  service: string,
  level: string = loadSettings(["logLevel"]).logLevel,
): Logger {
  return pino({
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: pino.stdSerializers.err },
  });
}
