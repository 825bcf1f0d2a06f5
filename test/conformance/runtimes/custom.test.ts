/**
 * provided.al2 and provided.al2023: a bootstrap of the user's own against the HTTP Runtime API. The
 * one here is a shell script with curl, so nothing but the documented interface can make it work.
 */
import { describe, expect, it } from "vitest";
import { createFunction, invoke } from "../support/functions.ts";

const shell = `#!/bin/sh
set -eu
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
while true; do
  headers=/tmp/headers
  event=$(curl -sS -D $headers "$api/invocation/next")
  id=$(grep -i '^lambda-runtime-aws-request-id:' $headers | tr -d '\\r' | cut -d' ' -f2)
  deadline=$(grep -i '^lambda-runtime-deadline-ms:' $headers | tr -d '\\r' | cut -d' ' -f2)
  arn=$(grep -i '^lambda-runtime-invoked-function-arn:' $headers | tr -d '\\r' | cut -d' ' -f2)
  case "$event" in
    *fail*) curl -sS -o /dev/null -H 'Lambda-Runtime-Function-Error-Type: Function.Refused' \\
      -d '{"errorType":"Function.Refused","errorMessage":"will not","stackTrace":[]}' \\
      "$api/invocation/$id/error" ;;
    *) echo "handling $id"
      curl -sS -o /dev/null -d "{\\"id\\":\\"$id\\",\\"event\\":$event,\\"deadline\\":$deadline,\\"arn\\":\\"$arn\\",\\"handler\\":\\"$_HANDLER\\"}" \\
      "$api/invocation/$id/response" ;;
  esac
done
`;

const bootstrap = { bootstrap: { content: shell, mode: 0o755 } };

describe.each(["provided.al2", "provided.al2023"] as const)("%s", (Runtime) => {
  it("runs a bootstrap that speaks the Runtime API with curl", async () => {
    const name = await createFunction({ Runtime, files: bootstrap, Handler: "any.thing" });
    const answer = await invoke(name, { a: [1] }, { LogType: "Tail" });
    expect(answer.json).toMatchObject({
      id: answer.requestId,
      event: { a: [1] },
      arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
      handler: "any.thing",
    });
    expect(answer.json.deadline).toBeGreaterThan(Date.now() - 60_000);
    expect(answer.log).toContain(`handling ${answer.requestId}\n`);
  });

  it("returns an error document as the bootstrap wrote it, and goes on", async () => {
    const name = await createFunction({ Runtime, files: bootstrap });
    const failed = await invoke(name, "fail");
    expect(failed.functionError).toBe("Unhandled");
    expect(failed.text).toBe(
      '{"errorType":"Function.Refused","errorMessage":"will not","stackTrace":[]}',
    );
    expect((await invoke(name, 1)).json.event).toBe(1);
  });
});

describe("a custom runtime", () => {
  it("without a bootstrap gets Lambda's error", async () => {
    const name = await createFunction({ Runtime: "provided.al2023", files: { "readme.txt": "" } });
    const { json } = await invoke(name);
    expect(json.errorType).toBe("Runtime.InvalidEntrypoint");
    expect(json.errorMessage).toContain(
      "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
    );
  });

  it("whose bootstrap ends at once gets its exit status", async () => {
    const files = { bootstrap: { content: "#!/bin/sh\nexit 42\n", mode: 0o755 } };
    const { json } = await invoke(await createFunction({ Runtime: "provided.al2023", files }));
    expect(json.errorType).toBe("Runtime.ExitError");
    expect(json.errorMessage).toContain("exit status 42");
  });
});
