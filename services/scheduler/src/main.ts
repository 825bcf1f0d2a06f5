import { connectService } from "@paddock/bus";
import { runService } from "@paddock/service-kit";
import { startScheduler } from "./app.ts";
import { loadSchedulerConfig } from "./config.ts";

await runService({
  name: "scheduler",
  async start({ logger }) {
    const config = loadSchedulerConfig();
    const bus = await connectService("scheduler", config, (problem) =>
      logger.warn(problem, "a problem on the bus"),
    );
    return startScheduler(config, { bus, logger });
  },
});
