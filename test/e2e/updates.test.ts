/**
 * Scenario: a function is changed again and again, as a deployment or a hot reload does, while others
 * call it. Who has seen `LastUpdateStatus: Successful` gets what was deployed; nobody gets an error.
 */
import {
  GetFunctionConfigurationCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { buildZip, eventually, startPaddock, type TestPaddock } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLambdaUser, type LambdaUser } from "../support/lambda-user.ts";

const updates = 200;
const testTimeoutMs = 240_000;

let paddock: TestPaddock;
let user: LambdaUser;

beforeAll(async () => {
  paddock = await startPaddock();
  user = createLambdaUser(paddock.access);
});
afterAll(() => paddock.stop());

const codeOf = (edition: number) => ({
  "index.mjs": `export const handler = async () => ({ code: ${edition}, variable: Number(process.env.EDITION) });`,
});

async function untilSuccessful(functionName: string): Promise<void> {
  await eventually(
    async () => {
      const command = new GetFunctionConfigurationCommand({ FunctionName: functionName });
      const { LastUpdateStatus } = await user.client.send(command);
      return LastUpdateStatus === "Successful";
    },
    { intervalMs: 1 },
  );
}

describe("a function that is changed", () => {
  it(
    "runs as changed for everybody who saw the change succeed, 200 times over",
    { timeout: testTimeoutMs },
    async () => {
      const name = await user.createFunction({
        files: codeOf(0),
        Environment: { Variables: { EDITION: "0" } },
      });
      const expected = { code: 0, variable: 0 };
      for (let edition = 1; edition <= updates; edition += 1) {
        if (edition % 2 === 0) {
          const ZipFile = await buildZip(codeOf(edition));
          await user.client.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile }));
          expected.code = edition;
        } else {
          const Environment = { Variables: { EDITION: String(edition) } };
          const change = { FunctionName: name, Environment };
          await user.client.send(new UpdateFunctionConfigurationCommand(change));
          expected.variable = edition;
        }
        await untilSuccessful(name);
        expect((await user.invoke(name)).json).toEqual(expected);
      }
    },
  );

  it("never fails those who call it meanwhile", { timeout: testTimeoutMs }, async () => {
    const name = await user.createFunction({
      files: codeOf(0),
      Environment: { Variables: { EDITION: "0" } },
    });
    const calling = new AbortController();
    const answers: unknown[] = [];
    const callers = Array.from({ length: 4 }, async () => {
      while (!calling.signal.aborted) {
        answers.push(await user.invoke(name).then(({ status }) => status, String));
      }
    });
    for (let edition = 1; edition <= updates / 4; edition += 1) {
      const ZipFile = await buildZip(codeOf(edition));
      await user.client.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile }));
      await untilSuccessful(name);
    }
    calling.abort();
    await Promise.all(callers);
    expect(answers.length).toBeGreaterThan(callers.length);
    expect(answers.filter((answer) => answer !== 200)).toEqual([]);
  });
});
