import { type Bus, openFirings } from "@paddock/bus";
import type { FiringMemory } from "../ports.ts";

/** The bucket `firings`, watched in memory: another scheduler's firings count too. */
export async function busFiringMemory(
  bus: Bus,
  onProblem: (error: unknown) => void,
): Promise<{ readonly memory: FiringMemory; stop(): void }> {
  const firings = openFirings(bus);
  const known = new Map<string, number>();
  const watch = await firings.watch(({ key, value }) => {
    if (value === undefined) known.delete(key);
    else known.set(key, value.dueMs);
  });
  return {
    memory: {
      firedUpToMs: (triggerId) => known.get(triggerId) ?? 0,
      async remember(triggerId, dueMs) {
        await firings.put(triggerId, { dueMs }).catch(onProblem);
      },
    },
    stop: () => watch.stop(),
  };
}
