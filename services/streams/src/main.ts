import { connectService } from "@paddock/bus";
import { runService } from "@paddock/service-kit";
import { startStreams } from "./app.ts";
import { loadStreamsConfig } from "./config.ts";

await runService({
  name: "streams",
  async start({ logger }) {
    const config = loadStreamsConfig();
    const bus = await connectService("streams", config, (problem) =>
      logger.warn(problem, "a problem on the bus"),
    );
    return startStreams(config, { bus, logger });
  },
});
