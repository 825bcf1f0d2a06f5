import { join } from "node:path";
import type { SettingName } from "@paddock/service-kit";
import { repositoryRoot } from "../repository.ts";

/**
 * The services of one machine. `secrets`: which of the supplied settings a service is given, so
 * that, say, the worker never sees the database's password. All other settings go to every service.
 */
export interface ServiceEntry {
  readonly name: string;
  /** Path of its main.ts. */
  readonly program: string;
  readonly after: readonly string[];
  readonly stopWave: number;
  readonly secrets: readonly SettingName[];
}

const mainOf = (name: string): string => join(repositoryRoot, "services", name, "src", "main.ts");

/** The router makes sure of the streams and buckets, which the others then find. */
const streamsMade = ["nats", "router"];

const bus = ["natsUrl", "natsPassword"] as const satisfies readonly SettingName[];

export const serviceTable: readonly ServiceEntry[] = [
  {
    name: "control",
    program: mainOf("control"),
    after: ["nats", "postgres"],
    stopWave: 4,
    secrets: [...bus, "databaseUrl", "adminToken", "rootAccessKeyId", "rootSecretAccessKey"],
  },
  {
    name: "router",
    program: mainOf("router"),
    after: ["nats", "redis"],
    stopWave: 3,
    secrets: [...bus, "redisUrl"],
  },
  {
    name: "worker",
    program: mainOf("worker"),
    after: streamsMade,
    stopWave: 2,
    secrets: [...bus, "redisUrl"],
  },
  {
    // Control brings the tables up to date.
    name: "meter",
    program: mainOf("meter"),
    after: ["nats", "postgres", "control"],
    stopWave: 4,
    secrets: [...bus, "databaseUrl"],
  },
  {
    name: "scheduler",
    program: mainOf("scheduler"),
    after: streamsMade,
    stopWave: 1,
    secrets: bus,
  },
  { name: "streams", program: mainOf("streams"), after: streamsMade, stopWave: 1, secrets: bus },
  {
    // Last: whoever reaches its port reaches a stack that works.
    name: "gateway",
    program: mainOf("gateway"),
    after: ["control", "router", "worker"],
    stopWave: 1,
    secrets: bus,
  },
];
