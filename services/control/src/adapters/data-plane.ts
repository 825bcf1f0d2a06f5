import type { Bus } from "@paddock/bus";
import type { Logger } from "@paddock/service-kit";
import type { Database } from "@paddock/store";
import { controlLimits } from "../limits.ts";
import { FunctionMirror, type MirrorParts } from "../operations/function-mirror.ts";
import type { CodeArchives } from "../ports.ts";
import { HeardFollowers } from "./heard-followers.ts";
import { KvReadModel } from "./kv-read-model.ts";
import { TriggerMirror } from "./trigger-mirror.ts";

export interface DataPlane {
  readonly functions: FunctionMirror;
  readonly triggers: TriggerMirror;
  stop(): Promise<void>;
}

/** Resolves when NATS says what the database says; keeps it so when a lost server comes back. */
export async function openDataPlane(
  parts: { bus: Bus; database: Database; logger: Logger },
  mirrorParts: Pick<MirrorParts, "scope" | "store" | "stamp">,
): Promise<DataPlane> {
  const { bus, database, logger } = parts;
  const followers = new HeardFollowers(bus);
  const functions = new FunctionMirror({
    ...mirrorParts,
    readModel: new KvReadModel(bus),
    followers,
    onFailure: (functionName, error) =>
      logger.warn({ functionName, error }, "a function could not be mirrored; trying again"),
  });
  const triggers = new TriggerMirror(bus, database, (triggerId, error) =>
    logger.warn({ triggerId, error }, "a trigger could not be mirrored; trying again"),
  );
  const reconcile = () => Promise.all([functions.reconcile(), triggers.reconcile()]);
  await reconcile();
  const offReconnect = bus.onReconnect(() => {
    reconcile().catch((error: unknown) => logger.error({ error }, "reconciliation failed"));
  });
  const stop = async () => {
    offReconnect();
    followers.stop();
    await Promise.all([functions.stop(), triggers.stop()]);
  };
  return { functions, triggers, stop };
}

/** Collects unused code now and then. Returns what ends it. */
export function collectCodeRegularly(code: CodeArchives, logger: Logger): () => void {
  const collect = () => {
    code.collectUnused().then(
      (removed) => {
        if (removed > 0) logger.info({ removed }, "removed code that no function uses");
      },
      (error: unknown) => logger.warn({ error }, "unused code could not be removed"),
    );
  };
  collect();
  const timer = setInterval(collect, controlLimits.collectCodeEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
