import { type Bus, type KvWatch, openIdleHistories } from "@paddock/bus";
import type { KeepAlive } from "../core/keep-alive.ts";

/** Follows what the router learns of functions' idle times. */
export function followIdleHistories(bus: Bus, keepAlive: KeepAlive): Promise<KvWatch> {
  return openIdleHistories(bus).watch(({ key, value }) => keepAlive.learn(key, value));
}
