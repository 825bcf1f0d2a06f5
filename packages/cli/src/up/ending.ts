import { cliLimits } from "../limits.ts";

/**
 * Who may end the supervisor: Ctrl-C, SIGTERM, the terminal's end, and the script that started it.
 * The first asks for an orderly stop; a second one kills. npm passes on an interrupt that the
 * terminal has already sent to everybody: what comes right behind the first is an echo of it.
 */
export interface Ending {
  /** Resolves with the reason of the first. */
  readonly asked: Promise<string>;
  /** Resolves on the second. */
  readonly insisted: Promise<void>;
  release(): void;
}

export function listenForEnding(): Ending {
  const asked = Promise.withResolvers<string>();
  const insisted = Promise.withResolvers<void>();
  let firstMs: number | undefined;
  const end = (reason: string) => {
    const nowMs = performance.now();
    if (firstMs === undefined) {
      firstMs = nowMs;
      asked.resolve(reason);
    } else if (nowMs - firstMs > cliLimits.interruptEchoMs) insisted.resolve();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, end);
  const onDisconnect = () => end("the process that started Paddock is gone");
  process.on("disconnect", onDisconnect);
  return {
    asked: asked.promise,
    insisted: insisted.promise,
    release: () => {
      for (const signal of signals) process.off(signal, end);
      process.off("disconnect", onDisconnect);
    },
  };
}
