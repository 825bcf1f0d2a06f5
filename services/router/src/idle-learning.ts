import type { Bus, FunctionDirectory } from "@paddock/bus";
import type { Logger } from "@paddock/service-kit";
import { KeptIdleHistories } from "./adapters/kept-idle-histories.ts";
import { PreWarmer, type PreWarmerParts } from "./core/pre-warmer.ts";

export interface IdleLearningParts extends Omit<PreWarmerParts, "functions"> {
  readonly bus: Bus;
  readonly functions: FunctionDirectory;
  readonly logger: Logger;
  readonly policy: "fixed" | "histogram";
}

export interface IdleLearning {
  /** For the router that dispatches: keeps what was learned, and has environments made ahead. */
  look(): Promise<void>;
}

/** Resolves when what earlier routers have learned is known. */
export async function openIdleLearning(parts: IdleLearningParts): Promise<IdleLearning> {
  const { bus, functions, histories, logger, policy, clock } = parts;
  const kept = new KeptIdleHistories(bus, histories, (error) =>
    logger.warn({ error }, "what is known of idle times was not kept"),
  );
  await kept.restore();
  functions.onChange((change) => void kept.follow(change));
  const preWarmer = new PreWarmer(parts);
  return {
    look: async () => {
      if (policy === "histogram") await preWarmer.look();
      await kept.save(clock.nowMs());
    },
  };
}
