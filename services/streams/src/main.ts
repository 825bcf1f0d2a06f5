import { connectBus, ensureStreams } from "@paddock/bus";
import { runService } from "@paddock/service-kit";
import { startStreams } from "./app.ts";
import { loadStreamsConfig } from "./config.ts";

await runService({
  name: "streams",
  async start({ logger }) {
    const config = loadStreamsConfig();
    const bus = await connectBus({
      url: config.natsUrl,
      user: "paddock",
      password: config.natsPassword,
      name: "streams",
      onProblem: (problem) => logger.warn(problem, "a problem on the bus"),
    });
    await ensureStreams(bus);
    return startStreams(config, { bus, logger });
  },
});
