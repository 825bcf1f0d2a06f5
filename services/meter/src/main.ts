import { connectBus, ensureStreams } from "@paddock/bus";
import { runService } from "@paddock/service-kit";
import { openDatabase } from "@paddock/store";
import { startMeter } from "./app.ts";
import { loadMeterConfig } from "./config.ts";

await runService({
  name: "meter",
  async start({ logger }) {
    const config = loadMeterConfig();
    const [bus, database] = await Promise.all([
      connectBus({
        url: config.natsUrl,
        user: "paddock",
        password: config.natsPassword,
        name: "meter",
        onProblem: (problem) => logger.warn(problem, "a problem on the bus"),
      }),
      openDatabase({
        url: config.databaseUrl,
        name: "meter",
        onError: (error) => logger.warn({ error }, "a connection to the database broke"),
      }),
    ]);
    await ensureStreams(bus);
    return startMeter({ bus, database, logger });
  },
});
