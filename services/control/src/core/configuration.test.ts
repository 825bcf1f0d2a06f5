import { describe, expect, it } from "vitest";
import { changedConfiguration, newConfiguration } from "./configuration.ts";
import { checkRuntime, refuseUnoffered } from "./offered.ts";

const request = {
  FunctionName: "f",
  Runtime: "nodejs24.x",
  Handler: "index.handler",
  Role: "arn:aws:iam::000000000000:role/any",
  Code: {},
};
const plain = newConfiguration("f", request);

describe("a configuration", () => {
  it("has AWS's defaults", () => {
    expect(plain).toEqual({
      runtime: "nodejs24.x",
      handler: "index.handler",
      roleArn: "arn:aws:iam::000000000000:role/any",
      description: "",
      timeoutSeconds: 3,
      memoryMb: 128,
      ephemeralStorageMb: 512,
      tracingMode: "PassThrough",
      architecture: "x86_64",
      layers: [],
      logging: { format: "Text", group: "/aws/lambda/f" },
    });
  });

  it("needs a runtime and a handler", () => {
    const { Handler: _handler, ...without } = request;
    expect(() => newConfiguration("f", without)).toThrow(
      "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
    );
  });

  it("tells variables that were never set from an empty map", () => {
    expect(plain).not.toHaveProperty("environmentVariables");
    const emptied = changedConfiguration(plain, { Environment: {} });
    expect(emptied.environmentVariables).toEqual({});
    expect(changedConfiguration(emptied, { Timeout: 5 }).environmentVariables).toEqual({});
  });

  it("loses its dead-letter queue by an empty ARN", () => {
    const TargetArn = "arn:aws:sqs:us-east-1:000000000000:dead";
    const dead = changedConfiguration(plain, { DeadLetterConfig: { TargetArn } });
    expect(dead.deadLetterTargetArn).toBe(TargetArn);
    expect(changedConfiguration(dead, {}).deadLetterTargetArn).toBe(TargetArn);
    expect(changedConfiguration(dead, { DeadLetterConfig: { TargetArn: "" } })).not.toHaveProperty(
      "deadLetterTargetArn",
    );
  });

  it("has log levels in the JSON format only", () => {
    const json = changedConfiguration(plain, {
      LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "DEBUG" },
    });
    expect(json.logging).toMatchObject({ applicationLevel: "DEBUG", systemLevel: "INFO" });
    const text = changedConfiguration(json, { LoggingConfig: { LogFormat: "Text" } });
    expect(text.logging).toEqual({ format: "Text", group: "/aws/lambda/f" });
    expect(() =>
      changedConfiguration(text, { LoggingConfig: { SystemLogLevel: "DEBUG" } }),
    ).toThrow("LogFormat is set to JSON");
  });
});

describe("what is not offered", () => {
  it.each([
    { VpcConfig: { SubnetIds: ["subnet-1"], SecurityGroupIds: ["sg-1"] } },
    { FileSystemConfigs: [{}] },
    { KMSKeyArn: "arn:aws:kms:us-east-1:000000000000:key/a" },
    { PackageType: "Image" as const },
    { DurableConfig: {} },
  ])("is refused by name: %j", (change) => {
    expect(() => refuseUnoffered({ ...request, ...change })).toThrow(
      `${"PackageType" in change ? "PackageType Image" : Object.keys(change)[0]} is not offered`,
    );
  });

  it("passes where nothing is asked for", () => {
    const empty = {
      VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
      Layers: [],
      FileSystemConfigs: [],
      KMSKeyArn: "",
      SnapStart: { ApplyOn: "None" as const },
    };
    expect(() => refuseUnoffered({ ...request, ...empty })).not.toThrow();
  });
});

describe("a runtime", () => {
  it("is any of AWS's as long as no worker has reported", () => {
    expect(() => checkRuntime("ruby3.4", undefined)).not.toThrow();
    expect(() => checkRuntime("cobol85", undefined)).toThrow(
      "Value cobol85 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [nodejs20.x, ",
    );
  });

  it("must be on a worker once one has reported", () => {
    expect(() => checkRuntime("ruby3.4", new Set(["python3.11", "nodejs24.x"]))).toThrow(
      "Runtimes that are there: nodejs24.x, python3.11.",
    );
    expect(() => checkRuntime("ruby3.4", new Set())).toThrow("Runtimes that are there: none.");
  });
});
