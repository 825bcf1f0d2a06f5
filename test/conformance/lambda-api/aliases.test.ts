/** Aliases: names for versions, split traffic, what they may not be. */
import {
  CreateAliasCommand,
  type CreateAliasCommandInput,
  DeleteAliasCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  paginateListAliases,
  PublishVersionCommand,
  UpdateAliasCommand,
  type UpdateAliasCommandInput,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { eventually } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { sendSigned } from "../support/clients.ts";
import { runPaddock } from "../support/command.ts";
import { createFunction, invoke, lambda } from "../support/functions.ts";
import { refusal } from "../support/refusal.ts";

const files = {
  "index.mjs": `export const handler = async (_event, context) =>
    [context.functionVersion, process.env.WHICH ?? "none", context.invokedFunctionArn];`,
};
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

const create = (FunctionName: string, input: Partial<CreateAliasCommandInput> = {}) =>
  lambda.send(
    new CreateAliasCommand({ Name: "live", FunctionVersion: "1", ...input, FunctionName }),
  );
const update = (FunctionName: string, input: Partial<UpdateAliasCommandInput> = {}) =>
  lambda.send(new UpdateAliasCommand({ Name: "live", ...input, FunctionName }));
const get = (FunctionName: string, Name = "live") =>
  lambda.send(new GetAliasCommand({ FunctionName, Name }));
const remove = (FunctionName: string, Name = "live") =>
  lambda.send(new DeleteAliasCommand({ FunctionName, Name }));

/** A function with versions 1 and 2, which differ in WHICH. */
async function twoVersions(): Promise<string> {
  const name = await createFunction({ files });
  for (const WHICH of ["one", "two"]) {
    const Environment = { Variables: { WHICH } };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Environment }));
    await waitUntilFunctionUpdatedV2(
      { client: lambda, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
      { FunctionName: name },
    );
    await lambda.send(new PublishVersionCommand({ FunctionName: name }));
  }
  return name;
}

const notFound = { code: "ResourceNotFoundException", status: 404 };

describe("CreateAlias", () => {
  it("answers 201 with a description always and no routing where there is none", async () => {
    const name = await twoVersions();
    const answer = await sendSigned({
      method: "POST",
      path: `/2015-03-31/functions/${name}/aliases`,
      body: JSON.stringify({ Name: "live", FunctionVersion: "1" }),
    });
    expect(answer.status).toBe(201);
    expect(JSON.parse(answer.body)).toEqual({
      AliasArn: `${arnOf(name)}:live`,
      Name: "live",
      FunctionVersion: "1",
      Description: "",
      RevisionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it("ResourceConflictException: the function has an alias of this name", async () => {
    const name = await twoVersions();
    await create(name);
    expect(await refusal(create(name, { FunctionVersion: "2" }))).toEqual({
      code: "ResourceConflictException",
      status: 409,
      message: `Alias already exists: ${arnOf(name)}:live`,
    });
  });

  it("ResourceNotFoundException: the function or the version is not there", async () => {
    const name = await twoVersions();
    const FunctionVersion = "7";
    const message = `Function not found: ${arnOf(name)}:7`;
    expect(await refusal(create(name, { FunctionVersion }))).toEqual({ ...notFound, message });
    const RoutingConfig = { AdditionalVersionWeights: { "7": 0.5 } };
    expect(await refusal(create(name, { RoutingConfig }))).toEqual({ ...notFound, message });
    expect(await refusal(create("nobody"))).toMatchObject(notFound);
  });

  it.each<[string, Partial<CreateAliasCommandInput>, string]>([
    [
      "two further versions",
      { RoutingConfig: { AdditionalVersionWeights: { "2": 0.1, "3": 0.1 } } },
      "Number of items in AdditionalVersionWeights cannot be greater than 1",
    ],
    [
      "the same version twice",
      { RoutingConfig: { AdditionalVersionWeights: { "1": 0.1 } } },
      "Invalid function version 1. Function version 1 is already included in routing configuration.",
    ],
    [
      "$LATEST and another",
      {
        FunctionVersion: "$LATEST",
        RoutingConfig: { AdditionalVersionWeights: { "1": 0.1 } },
      },
      "$LATEST is not supported for an alias pointing to more than 1 version",
    ],
  ])("InvalidParameterValueException: it cannot point to %s", async (_what, input, message) => {
    const name = await twoVersions();
    expect(await refusal(create(name, input))).toEqual({
      code: "InvalidParameterValueException",
      status: 400,
      message,
    });
  });

  it.each<[string, Partial<CreateAliasCommandInput>, string]>([
    [
      "a name that is a number",
      { Name: "42" },
      "Value '42' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
    ],
    [
      "a version that is none",
      { FunctionVersion: "first" },
      "Value 'first' at 'functionVersion' failed to satisfy constraint: Member must satisfy regular expression pattern: (\\$LATEST(\\.PUBLISHED)?|[0-9]+)",
    ],
    [
      "a weight above 1",
      { RoutingConfig: { AdditionalVersionWeights: { "2": 2 } } },
      "Value '{2=2.0}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]",
    ],
    [
      "a weight for no version",
      { RoutingConfig: { AdditionalVersionWeights: { beta: 0.5 } } },
      "Value '{beta=0.5}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+, Member must not be null]",
    ],
  ])("ValidationException: %s", async (_what, input, message) => {
    expect(await refusal(create("any", input))).toEqual({
      code: "ValidationException",
      status: 400,
      message: `1 validation error detected: ${message}`,
    });
  });
});

describe("GetAlias", () => {
  it("gives what was created", async () => {
    const name = await twoVersions();
    const RoutingConfig = { AdditionalVersionWeights: { "2": 0.25 } };
    const { $metadata: _c, ...created } = await create(name, {
      Description: "ours",
      RoutingConfig,
    });
    const { $metadata: _g, ...found } = await get(name);
    expect(found).toEqual(created);
    expect(found).toMatchObject({ Description: "ours", RoutingConfig });
  });

  it("ResourceNotFoundException: there is no such alias, or no such function", async () => {
    const name = await createFunction({ files });
    expect(await refusal(get(name))).toEqual({
      ...notFound,
      message: `Cannot find alias arn: ${arnOf(name)}:live`,
    });
    expect(await refusal(get("nobody"))).toEqual({
      ...notFound,
      message: `Function not found: ${arnOf("nobody")}`,
    });
  });
});

describe("UpdateAlias", () => {
  it("changes what is given, keeps the rest, and gives a new revision each time", async () => {
    const name = await twoVersions();
    const created = await create(name, { Description: "ours" });
    const moved = await update(name, { FunctionVersion: "2" });
    expect(moved).toMatchObject({ FunctionVersion: "2", Description: "ours" });
    const same = await update(name);
    const revisions = [created, moved, same].map(({ RevisionId }) => RevisionId);
    expect(new Set(revisions).size).toBe(3);
    const RoutingConfig = { AdditionalVersionWeights: { "1": 0.5 } };
    expect(await update(name, { RoutingConfig })).toMatchObject({ RoutingConfig });
    expect(await update(name, { Description: "still" })).toMatchObject({ RoutingConfig });
    expect((await update(name, { RoutingConfig: {} })).RoutingConfig).toBeUndefined();
  });

  it("PreconditionFailedException: somebody else has changed it", async () => {
    const name = await twoVersions();
    const { RevisionId } = await create(name);
    await update(name, { Description: "changed", RevisionId });
    expect(await refusal(update(name, { Description: "lost", RevisionId }))).toEqual({
      code: "PreconditionFailedException",
      status: 412,
      message:
        "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
    });
    expect(await get(name)).toMatchObject({ Description: "changed" });
  });

  it("ResourceNotFoundException: there is no such alias, version or function", async () => {
    const name = await twoVersions();
    const missing = { ...notFound, message: `Alias not found: ${arnOf(name)}:live` };
    expect(await refusal(update(name))).toEqual(missing);
    await create(name);
    expect(await refusal(update(name, { FunctionVersion: "7" }))).toEqual({
      ...notFound,
      message: `Function not found: ${arnOf(name)}:7`,
    });
    expect(await refusal(update("nobody"))).toMatchObject(notFound);
  });
});

describe("DeleteAlias", () => {
  it("answers 204, also for an alias that is not there", async () => {
    const name = await twoVersions();
    await create(name);
    expect((await remove(name)).$metadata.httpStatusCode).toBe(204);
    expect((await remove(name)).$metadata.httpStatusCode).toBe(204);
    expect((await refusal(invoke(name, {}, { Qualifier: "live" }))).message).toBe(
      `Function not found: ${arnOf(name)}:live`,
    );
  });

  it("ResourceNotFoundException: there is no such function", async () => {
    expect(await refusal(remove("nobody"))).toEqual({
      ...notFound,
      message: `Function not found: ${arnOf("nobody")}`,
    });
  });
});

describe("ListAliases", () => {
  it("lists by name, in pages, and those of one version where asked", async () => {
    const name = await twoVersions();
    for (const [Name, FunctionVersion] of [
      ["c", "1"],
      ["a", "1"],
      ["b", "2"],
    ] as const) {
      await create(name, { Name, FunctionVersion });
    }
    const listed = async (more = {}) => {
      const names = [];
      const config = { client: lambda, pageSize: 1 };
      for await (const page of paginateListAliases(config, { FunctionName: name, ...more })) {
        expect(page.Aliases?.length).toBeLessThanOrEqual(1);
        names.push(...(page.Aliases ?? []).map(({ Name }) => Name));
      }
      return names;
    };
    expect(await listed()).toEqual(["a", "b", "c"]);
    expect(await listed({ FunctionVersion: "1" })).toEqual(["a", "c"]);
    expect(await listed({ FunctionVersion: "$LATEST" })).toEqual([]);
  });

  it("ResourceNotFoundException: there is no such function", async () => {
    const path = "/2015-03-31/functions/nobody/aliases";
    const { status, body } = await sendSigned({ method: "GET", path });
    expect(status).toBe(404);
    expect(JSON.parse(body)).toEqual({
      Type: "User",
      Message: `Function not found: ${arnOf("nobody")}`,
    });
  });
});

describe("an alias", () => {
  it("is invoked as the version it points to, from its first moment on", async () => {
    const name = await twoVersions();
    await create(name);
    const { json, executedVersion } = await invoke(name, {}, { Qualifier: "live" });
    expect(json).toEqual(["1", "one", `${arnOf(name)}:live`]);
    expect(executedVersion).toBe("1");
    await update(name, { FunctionVersion: "2" });
    await eventually(async () => {
      expect((await invoke(`${name}:live`)).json).toEqual(["2", "two", `${arnOf(name)}:live`]);
    });
  });

  it("is what GetFunctionConfiguration names in its ARN", async () => {
    const name = await twoVersions();
    await create(name);
    const command = new GetFunctionConfigurationCommand({ FunctionName: name, Qualifier: "live" });
    expect(await lambda.send(command)).toMatchObject({
      FunctionArn: `${arnOf(name)}:live`,
      Version: "1",
    });
  });

  it("splits traffic, and each answer says which version ran", async () => {
    const name = await twoVersions();
    const RoutingConfig = { AdditionalVersionWeights: { "2": 0.5 } };
    await create(name, { RoutingConfig });
    const seen = new Map<string, number>();
    for (let call = 0; call < 100; call += 1) {
      const { json, executedVersion = "" } = await invoke(`${name}:live`);
      expect(json[0]).toBe(executedVersion);
      seen.set(executedVersion, (seen.get(executedVersion) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual(["1", "2"]);
    // A fair coin lands outside of this once in 10^9 hundreds.
    expect(seen.get("2")).toBeGreaterThan(20);
    expect(seen.get("2")).toBeLessThan(80);
  });

  it("is resolved for an event that waits, and its attempt is on record with the version", async () => {
    const name = await twoVersions();
    await create(name, { FunctionVersion: "2" });
    const { requestId, status, executedVersion } = await invoke(
      name,
      {},
      { Qualifier: "live", InvocationType: "Event" },
    );
    expect(status).toBe(202);
    expect(executedVersion).toBeUndefined();
    await eventually(
      async () => {
        const shown = JSON.parse(await runPaddock("invocations", "show", requestId, "--json"));
        expect(shown.invocation).toMatchObject({ qualifier: "live", fate: "succeeded" });
        expect(shown.attempts).toMatchObject([{ version: "2", outcome: "succeeded" }]);
      },
      { timeoutMs: 30_000, intervalMs: 250 },
    );
  });

  it("does not outlive its function", async () => {
    const name = await twoVersions();
    await create(name);
    await sendSigned({ method: "DELETE", path: `/2015-03-31/functions/${name}` });
    await createFunction({ files, FunctionName: name });
    expect((await refusal(get(name))).code).toBe("ResourceNotFoundException");
  });

  it("may have a name that JavaScript's objects have, too", async () => {
    const name = await twoVersions();
    const FunctionName = `${name}:constructor`;
    expect((await refusal(invoke(FunctionName))).code).toBe("ResourceNotFoundException");
    await create(name, { Name: "constructor" });
    expect((await invoke(FunctionName)).executedVersion).toBe("1");
  });
});
