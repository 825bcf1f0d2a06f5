/** Reserved concurrency: what is set, what it allows, and what the account keeps for the rest. */
import {
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { eventually } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sendSigned } from "../support/clients.ts";
import { createFunction, invoke, lambda } from "../support/functions.ts";
import { refusal } from "../support/refusal.ts";

const one = { "index.mjs": "export const handler = async () => 1;" };
/** Tells when it ran, so that overlaps can be counted afterwards. */
const slow = {
  "index.mjs": `export const handler = async ({ ms }) => {
    const from = Date.now();
    await new Promise((resolve) => setTimeout(resolve, ms));
    return [from, Date.now()];
  };`,
};

const put = (FunctionName: string, ReservedConcurrentExecutions: number) =>
  lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
const get = async (FunctionName: string) =>
  (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })))
    .ReservedConcurrentExecutions;
const remove = (FunctionName: string) =>
  lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));

const missing = {
  code: "ResourceNotFoundException",
  status: 404,
  message: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody",
};
const qualified = {
  code: "InvalidParameterValueException",
  status: 400,
  message:
    "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.",
};
const throttled = {
  code: "TooManyRequestsException",
  status: 429,
  message: "Rate Exceeded.",
};

/** Intervals that were open at the same moment, at the most. */
function mostAtOnce(intervals: readonly (readonly [number, number])[]): number {
  return Math.max(
    ...intervals.map(([at]) => intervals.filter(([from, to]) => from <= at && at < to).length),
  );
}

describe("PutFunctionConcurrency", () => {
  it("is seen by GetFunctionConcurrency and GetFunction", async () => {
    const FunctionName = await createFunction({ files: one });
    expect(await put(FunctionName, 7)).toMatchObject({ ReservedConcurrentExecutions: 7 });
    expect(await get(FunctionName)).toBe(7);
    const { Concurrency } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Concurrency).toEqual({ ReservedConcurrentExecutions: 7 });
    await remove(FunctionName);
  });

  it("keeps 100 unreserved for all other functions", async () => {
    const [first, second] = [
      await createFunction({ files: one }),
      await createFunction({ files: one }),
    ];
    const tooMuch = {
      code: "InvalidParameterValueException",
      status: 400,
      message:
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
    };
    expect(await refusal(put(first, 901))).toEqual(tooMuch);
    await put(first, 900);
    expect(await refusal(put(second, 1))).toEqual(tooMuch);
    expect(await put(second, 0)).toMatchObject({ ReservedConcurrentExecutions: 0 });
    // Its own reservation makes room for its next one.
    await put(first, 899);
    await put(second, 1);
    await Promise.all([remove(first), remove(second)]);
  });

  it("ValidationException: a reservation is a number from 0 on", async () => {
    expect(await refusal(put("nobody", -1))).toEqual({
      code: "ValidationException",
      status: 400,
      message:
        "1 validation error detected: Value '-1' at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 0",
    });
  });

  it("ResourceNotFoundException: there is no such function", async () => {
    const message = `${missing.message}:$LATEST`;
    expect(await refusal(put("nobody", 1))).toEqual({ ...missing, message });
  });

  it("InvalidParameterValueException: it is for whole functions", async () => {
    expect(await refusal(put("nobody:$LATEST", 1))).toEqual(qualified);
  });
});

describe("GetFunctionConcurrency", () => {
  it("answers without a member where nothing is reserved", async () => {
    const name = await createFunction({ files: one });
    const path = `/2019-09-30/functions/${name}/concurrency`;
    const { status, body } = await sendSigned({ method: "GET", path });
    expect([status, body]).toEqual([200, "{}"]);
  });

  it("ResourceNotFoundException: there is no such function", async () => {
    expect(await refusal(get("nobody"))).toEqual(missing);
    expect(await refusal(get("nobody:1"))).toEqual(qualified);
  });
});

describe("DeleteFunctionConcurrency", () => {
  it("gives the function back to the account's pool, also a second time", async () => {
    const name = await createFunction({ files: one });
    await put(name, 3);
    expect((await remove(name)).$metadata.httpStatusCode).toBe(204);
    expect((await remove(name)).$metadata.httpStatusCode).toBe(204);
    expect(await get(name)).toBeUndefined();
  });

  it("ResourceNotFoundException: there is no such function", async () => {
    expect(await refusal(remove("nobody"))).toEqual(missing);
  });
});

describe("GetAccountSettings", () => {
  it("has the limits of Lambda and what is used of them", async () => {
    const before = await lambda.send(new GetAccountSettingsCommand({}));
    const name = await createFunction({ files: one });
    await put(name, 10);
    const { AccountLimit, AccountUsage } = await lambda.send(new GetAccountSettingsCommand({}));
    expect(AccountLimit).toEqual({
      TotalCodeSize: 322_122_547_200,
      CodeSizeUnzipped: 262_144_000,
      CodeSizeZipped: 52_428_800,
      ConcurrentExecutions: 1000,
      UnreservedConcurrentExecutions:
        (before.AccountLimit?.UnreservedConcurrentExecutions ?? 0) - 10,
    });
    expect(AccountUsage?.FunctionCount).toBe((before.AccountUsage?.FunctionCount ?? 0) + 1);
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: name }));
    expect(AccountUsage?.TotalCodeSize).toBe(
      (before.AccountUsage?.TotalCodeSize ?? 0) + (Configuration?.CodeSize ?? 0),
    );
    await remove(name);
  });
});

describe("a function with reserved concurrency 0", () => {
  it("is off, although it has a warm environment, and on again without it", async () => {
    const name = await createFunction({ files: one });
    expect((await invoke(name)).json).toBe(1);
    await put(name, 0);
    await eventually(async () => {
      expect(await refusal(invoke(name))).toEqual(throttled);
    });
    const body = await sendSigned({
      method: "POST",
      path: `/2015-03-31/functions/${name}/invocations`,
      body: "{}",
    });
    expect(JSON.parse(body.body)).toEqual({
      Type: "User",
      message: "Rate Exceeded.",
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    });
    expect((await invoke(name, {}, { InvocationType: "DryRun" })).status).toBe(204);
    await remove(name);
    await eventually(async () => expect((await invoke(name)).json).toBe(1));
  });
});

describe("a function with reserved concurrency 5", () => {
  let name: string;
  beforeAll(async () => {
    name = await createFunction({ files: slow, Timeout: 30 });
    // Switched off first: from then on nothing can run under no limit at all.
    await put(name, 0);
    const isThrottled = () =>
      invoke(name, { ms: 1 }).then(
        () => false,
        (error: Error) => error.name === throttled.code,
      );
    await eventually(isThrottled);
    await put(name, 5);
  });
  afterAll(() => remove(name));

  const call = () =>
    lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify({ ms: 1000 }) }));

  it("never runs more than 5 of 50 calls at once, and throttles the rest with its reason", async () => {
    const settled = await Promise.allSettled(Array.from({ length: 50 }, call));
    const intervals = settled.flatMap((each) =>
      each.status === "fulfilled"
        ? [JSON.parse(Buffer.from(each.value.Payload ?? []).toString()) as [number, number]]
        : [],
    );
    const reasons = settled.flatMap((each) =>
      each.status === "rejected" ? [(each.reason as { Reason?: string }).Reason] : [],
    );
    expect(intervals.length).toBeGreaterThanOrEqual(5);
    expect(mostAtOnce(intervals)).toBeLessThanOrEqual(5);
    expect(reasons).toHaveLength(50 - intervals.length);
    expect(new Set(reasons)).toEqual(
      new Set(["ReservedFunctionConcurrentInvocationLimitExceeded"]),
    );
  });
});
