import { connectBus, ensureStreams } from "@paddock/bus";
import { runService } from "@paddock/service-kit";
import { startScheduler } from "./app.ts";
import { loadSchedulerConfig } from "./config.ts";

await runService({
  name: "scheduler",
  async start({ logger }) {
    const config = loadSchedulerConfig();
    const bus = await connectBus({
      url: config.natsUrl,
      user: "paddock",
      password: config.natsPassword,
      name: "scheduler",
      onProblem: (problem) => logger.warn(problem, "a problem on the bus"),
    });
    await ensureStreams(bus);
    return startScheduler(config, { bus, logger });
  },
});
