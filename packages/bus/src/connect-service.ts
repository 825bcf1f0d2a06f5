import type { Bus, BusProblem } from "./bus.ts";
import { connectBus } from "./connection.ts";
import { ensureStreams } from "./streams.ts";

/** What every service is told of the bus: see the settings `natsUrl` and `natsPassword`. */
export interface ServiceBusSettings {
  readonly natsUrl: string;
  readonly natsPassword: string;
}

/**
 * The bus as a service of Paddock has it: as the internal user, with streams and buckets that are
 * there. Rejects with BusUnavailableError, whose message says what to do.
 */
export async function connectService(
  name: string,
  { natsUrl, natsPassword }: ServiceBusSettings,
  onProblem: (problem: BusProblem) => void,
): Promise<Bus> {
  const credentials = { user: "paddock", password: natsPassword };
  const bus = await connectBus({ url: natsUrl, ...credentials, name, onProblem });
  await ensureStreams(bus);
  return bus;
}
