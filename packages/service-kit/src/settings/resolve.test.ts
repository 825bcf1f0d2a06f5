import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { environmentVariableOf, flagOf, settingCatalogue, settingNames } from "./catalogue.ts";
import { resolveSettings, type SettingSources } from "./resolve.ts";
import { SettingsError } from "./settings-error.ts";

const MACHINE_MEMORY_MB = 1000;

function resolveAll(sources: SettingSources) {
  return resolveSettings(settingNames, sources, MACHINE_MEMORY_MB);
}

function problemsOf(sources: SettingSources): readonly string[] {
  try {
    resolveAll(sources);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe("where a setting's value comes from", () => {
  const layers = {
    flags: { port: "1001" },
    environment: { PADDOCK_PORT: "1002" },
    file: { port: 1003 },
    supplied: { port: 1004 },
  } satisfies SettingSources;

  it("takes the flag before everything else", () => {
    expect(resolveAll(layers).get("port")).toEqual({ name: "port", value: 1001, origin: "flag" });
  });

  it("takes the variable before the file", () => {
    const { flags: _flags, ...rest } = layers;
    expect(resolveAll(rest).get("port")).toEqual({
      name: "port",
      value: 1002,
      origin: "environment",
    });
  });

  it("takes the file before what the supervisor supplies", () => {
    const { file, supplied } = layers;
    expect(resolveAll({ file, supplied }).get("port")).toMatchObject({
      value: 1003,
      origin: "file",
    });
  });

  it("takes the default when nobody said anything", () => {
    expect(resolveAll({}).get("port")).toEqual({ name: "port", value: 4574, origin: "default" });
  });

  it("treats an empty variable as one that is not set", () => {
    expect(resolveAll({ environment: { PADDOCK_PORT: "" } }).get("port")?.origin).toBe("default");
  });

  it("leaves a supplied setting without value and origin until somebody supplies it", () => {
    expect(resolveAll({}).get("databaseUrl")).toEqual({ name: "databaseUrl", value: undefined });
    const supplied = { databaseUrl: "postgres://x@127.0.0.1/p" };
    expect(resolveAll({ supplied }).get("databaseUrl")?.origin).toBe("supplied");
  });
});

describe("values", () => {
  it("makes the public URL from host and port", () => {
    const url = resolveAll({ flags: { host: "::1", port: "80" } }).get("publicUrl");
    expect(url?.value).toBe("http://[::1]:80");
  });

  it("lets functions use four fifths of the machine's memory, and hands out eight times all of it", () => {
    expect(resolveAll({}).get("workerMemoryUseMb")?.value).toBe(800);
    expect(resolveAll({}).get("workerMemoryMb")?.value).toBe(8000);
  });

  it("makes a relative data directory absolute", () => {
    const directory = resolveAll({ flags: { dataDirectory: "here" } }).get("dataDirectory");
    expect(directory?.value).toBe(resolve("here"));
  });

  it("reads a list from text and from JSON", () => {
    const name = "asyncRetryDelaysSeconds";
    expect(resolveAll({ flags: { [name]: "1,2" } }).get(name)?.value).toEqual([1, 2]);
    expect(resolveAll({ file: { [name]: [3] } }).get(name)?.value).toEqual([3]);
    expect(resolveAll({ flags: { [name]: "" } }).get(name)?.value).toEqual([]);
  });

  it("names flags and variables after the key", () => {
    expect(flagOf("dataDirectory")).toBe("--data-dir");
    expect(environmentVariableOf("dataDirectory")).toBe("PADDOCK_DATA_DIR");
    expect(flagOf("idleEnvironmentTimeoutSeconds")).toBe("--idle-environment-timeout-seconds");
    expect(new Set(settingNames.map(flagOf)).size).toBe(settingNames.length);
  });
});

describe("values that cannot be used", () => {
  it("names the place, the rule and the value, for all of them at once", () => {
    const problems = problemsOf({
      flags: { port: "70000" },
      environment: { PADDOCK_ACCOUNT_CONCURRENCY: "99" },
      file: { accountId: 123 },
    });
    expect(problems).toEqual([
      '--port must be a whole number from 1 to 65535, not "70000".',
      "accountId in paddock.config.json must be 12 digits, in quotes where it is in a JSON file, not 123.",
      'PADDOCK_ACCOUNT_CONCURRENCY must be a whole number from 100 to 1000000, not "99".',
    ]);
  });

  it.each([" ", "1e3", "0x10", "12.5", "one"])("does not take %j for a port", (port) => {
    expect(problemsOf({ flags: { port } })).toHaveLength(1);
  });

  it("does not take a number of the file's for a switch or the other way round", () => {
    expect(problemsOf({ file: { port: true, region: 5, logLevel: null } })).toHaveLength(3);
  });

  it("never repeats a secret", () => {
    const secret = "not long";
    const secrets = settingNames.filter((name) => settingCatalogue[name].secret === true);
    const flags = Object.fromEntries(secrets.map((name) => [name, secret]));
    const problems = problemsOf({ flags });
    expect(problems).toHaveLength(secrets.length);
    expect(problems.join()).not.toContain(secret);
  });

  it("refuses retry delays that AWS's two retries have no use for", () => {
    expect(problemsOf({ flags: { asyncRetryDelaysSeconds: "1,2,3" } })).toHaveLength(1);
    expect(problemsOf({ flags: { asyncRetryDelaysSeconds: "1,x" } })).toHaveLength(1);
  });
});
