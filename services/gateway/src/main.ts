import { connectService } from "@paddock/bus";
import { runService } from "@paddock/service-kit";
import { startGateway } from "./app.ts";
import { loadGatewayConfig } from "./config.ts";

await runService({
  name: "gateway",
  async start({ logger }) {
    const config = loadGatewayConfig();
    const bus = await connectService("gateway", config, (problem) =>
      logger.warn(problem, "a problem on the bus"),
    );
    return startGateway(config, { bus, logger });
  },
});
