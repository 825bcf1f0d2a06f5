import { connectService } from "@paddock/bus";
import { connectQueue } from "@paddock/queue";
import { runService } from "@paddock/service-kit";
import { startRouter } from "./app.ts";
import { loadRouterConfig } from "./config.ts";

await runService({
  name: "router",
  async start({ logger }) {
    const config = loadRouterConfig();
    const bus = await connectService("router", config, (problem) =>
      logger.warn(problem, "a problem on the bus"),
    );
    const queue = await connectQueue({
      url: config.redisUrl,
      name: "router",
      onProblem: (problem) => logger.warn(problem, "a problem with the queues"),
    });
    const { accountConcurrency, keepAlivePolicy } = config;
    return startRouter({ bus, queue, logger, accountConcurrency, keepAlivePolicy });
  },
});
