import type { SettingName } from "@paddock/service-kit";

/**
 * The services of one machine. `secrets`: which of the supplied settings a service is given, so
 * that, say, the worker never sees the database's password. All other settings go to every service.
 */
export interface ServiceEntry {
  readonly name: string;
  readonly after: readonly string[];
  readonly stopWave: number;
  readonly secrets: readonly SettingName[];
}

const bus = ["natsUrl", "natsPassword"] as const satisfies readonly SettingName[];

export const serviceTable: readonly ServiceEntry[] = [
  {
    name: "control",
    after: ["nats", "postgres"],
    stopWave: 4,
    secrets: [...bus, "databaseUrl", "adminToken", "rootAccessKeyId", "rootSecretAccessKey"],
  },
  { name: "router", after: ["nats", "redis"], stopWave: 3, secrets: [...bus, "redisUrl"] },
  { name: "worker", after: ["nats", "redis"], stopWave: 2, secrets: [...bus, "redisUrl"] },
  {
    // Control brings the tables up to date.
    name: "meter",
    after: ["nats", "postgres", "control"],
    stopWave: 4,
    secrets: [...bus, "databaseUrl"],
  },
  { name: "scheduler", after: ["nats"], stopWave: 1, secrets: bus },
  { name: "streams", after: ["nats"], stopWave: 1, secrets: bus },
  {
    // Last: whoever reaches its port reaches a stack that works.
    name: "gateway",
    after: ["control", "router", "worker"],
    stopWave: 1,
    secrets: [...bus, "rootAccessKeyId", "rootSecretAccessKey"],
  },
];
