import { connectService } from "@paddock/bus";
import { runService } from "@paddock/service-kit";
import { openDatabase } from "@paddock/store";
import { startMeter } from "./app.ts";
import { loadMeterConfig } from "./config.ts";

await runService({
  name: "meter",
  async start({ logger }) {
    const config = loadMeterConfig();
    const database = await openDatabase({
      url: config.databaseUrl,
      name: "meter",
      onError: (error) => logger.warn({ error }, "a connection to the database broke"),
    });
    const bus = await connectService("meter", config, (problem) =>
      logger.warn(problem, "a problem on the bus"),
    );
    return startMeter({ bus, database, logger });
  },
});
