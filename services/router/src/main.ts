import { connectBus, ensureStreams } from "@paddock/bus";
import { connectQueue } from "@paddock/queue";
import { runService } from "@paddock/service-kit";
import { startRouter } from "./app.ts";
import { loadRouterConfig } from "./config.ts";

await runService({
  name: "router",
  async start({ logger }) {
    const config = loadRouterConfig();
    const bus = await connectBus({
      url: config.natsUrl,
      user: "paddock",
      password: config.natsPassword,
      name: "router",
      onProblem: (problem) => logger.warn(problem, "a problem on the bus"),
    });
    await ensureStreams(bus);
    const queue = await connectQueue({
      url: config.redisUrl,
      name: "router",
      onProblem: (problem) => logger.warn(problem, "a problem with the queues"),
    });
    const { accountConcurrency, keepAlivePolicy } = config;
    return startRouter({ bus, queue, logger, accountConcurrency, keepAlivePolicy });
  },
});
