import { join } from "node:path";
import { connectService } from "@paddock/bus";
import { runService } from "@paddock/service-kit";
import { openDatabase } from "@paddock/store";
import { startControl } from "./app.ts";
import { loadControlConfig } from "./config.ts";

await runService({
  name: "control",
  async start({ logger }) {
    const config = loadControlConfig();
    const database = await openDatabase({
      url: config.databaseUrl,
      name: "control",
      onError: (error) => logger.warn({ error }, "a database connection broke"),
    });
    const bus = await connectService("control", config, (problem) =>
      logger.warn(problem, "a problem on the bus"),
    );
    const dashboardDirectory = join(import.meta.dirname, "../../dashboard/dist");
    return startControl(config, { bus, database, logger, dashboardDirectory });
  },
});
