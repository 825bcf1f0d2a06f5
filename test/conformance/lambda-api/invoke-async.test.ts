/** InvokeAsync, the operation of 2014 that stock clients still have. */
import { InvokeAsyncCommand, PublishVersionCommand } from "@aws-sdk/client-lambda";
import { eventually } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { sendSigned } from "../support/clients.ts";
import { runPaddock } from "../support/command.ts";
import { createFunction, lambda } from "../support/functions.ts";
import { refusal } from "../support/refusal.ts";

const files = { "index.mjs": "export const handler = async (event) => event;" };
const invokeAsync = (FunctionName: string, InvokeArgs: string | Uint8Array) =>
  lambda.send(new InvokeAsyncCommand({ FunctionName, InvokeArgs }));
const json = (bytes: number) => `"${"a".repeat(bytes - 2)}"`;

describe("InvokeAsync", () => {
  it("answers 202, in the body too, and the function runs", async () => {
    const name = await createFunction({ files });
    const answer = await invokeAsync(name, '{"n":1}');
    expect(answer.Status).toBe(202);
    const { requestId = "" } = answer.$metadata;
    await eventually(
      async () => {
        const shown = JSON.parse(await runPaddock("invocations", "show", requestId, "--json"));
        expect(shown.invocation).toMatchObject({ functionName: name, fate: "succeeded" });
      },
      { timeoutMs: 30_000, intervalMs: 250 },
    );
    const path = `/2014-11-13/functions/${name}/invoke-async/`;
    const { status, headers, body } = await sendSigned({ method: "POST", path, body: "{}" });
    expect({ status, body: JSON.parse(body) }).toEqual({ status: 202, body: { Status: 202 } });
    expect(headers.get("content-type")).toBe("application/json");
  });

  it("runs the version that the function's name says", async () => {
    const name = await createFunction({ files });
    await lambda.send(new PublishVersionCommand({ FunctionName: name }));
    const { $metadata } = await invokeAsync(`${name}:1`, "{}");
    await eventually(
      async () => {
        const output = await runPaddock("invocations", "show", $metadata.requestId ?? "", "--json");
        expect(JSON.parse(output).attempts).toMatchObject([{ version: "1" }]);
      },
      { timeoutMs: 30_000, intervalMs: 250 },
    );
  });

  it("does not know a function that does not exist", async () => {
    expect(await refusal(invokeAsync("nothing-of-the-kind", "{}"))).toEqual({
      code: "ResourceNotFoundException",
      status: 404,
      message:
        "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nothing-of-the-kind",
    });
  });

  it("refuses what is not JSON", async () => {
    const name = await createFunction({ files });
    const refused = await refusal(invokeAsync(name, "{"));
    expect(refused).toMatchObject({ code: "InvalidRequestContentException", status: 400 });
    expect(refused.message).toContain("Could not parse request body into json");
  });

  it("takes 256 KiB and not a byte more", async () => {
    const name = await createFunction({ files });
    expect((await invokeAsync(name, json(262_144))).Status).toBe(202);
    expect(await refusal(invokeAsync(name, json(262_145)))).toEqual({
      code: "RequestTooLargeException",
      status: 413,
      message:
        "262145 byte payload is too large for the Event invocation type (limit 262144 bytes)",
    });
  });
});
