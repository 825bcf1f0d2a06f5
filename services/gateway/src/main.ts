import { type BusProblem, connectBus, ensureStreams } from "@paddock/bus";
import { runService } from "@paddock/service-kit";
import { startGateway } from "./app.ts";
import { loadGatewayConfig } from "./config.ts";

await runService({
  name: "gateway",
  async start({ logger }) {
    const config = loadGatewayConfig();
    const bus = await connectBus({
      url: config.natsUrl,
      user: "paddock",
      password: config.natsPassword,
      name: "gateway",
      onProblem: (problem: BusProblem) => logger.warn(problem, "a problem on the bus"),
    });
    await ensureStreams(bus);
    return startGateway(config, { bus, logger });
  },
});
