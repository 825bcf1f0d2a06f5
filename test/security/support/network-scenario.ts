/**
 * A program of the test machine: starts a whole Paddock with the network that users get, has functions
 * of three kinds try to reach things, and prints what they said as JSON.
 */
import { createServer } from "node:net";
import { startPaddock } from "@paddock/testkit";
import { createLambdaUser } from "../../support/lambda-user.ts";
import { installedPython } from "./installed-python.ts";
import { addresses } from "./test-machine.ts";

const SERVICE_ADDRESS = "169.254.100.5";
const PORT = 8080;

export interface Reached {
  /** By function, then by `host:port`: `connected`, or the error's name. */
  readonly [functionName: string]: Readonly<Record<string, string>>;
}

const nodeCode = `import { connect } from "node:net";
const reach = ([host, port]) => new Promise((resolve) => {
  connect(port, host).on("connect", () => resolve("connected")).on("error", (error) => resolve(error.code));
});
export const handler = async (targets) => {
  const said = [];
  for (const target of targets) said.push(await reach(target));
  return said;
};`;

const pythonCode = `import errno, socket
def reach(target):
    try:
        socket.create_connection(tuple(target), 10).close()
        return "connected"
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))
def handler(targets, context):
    return [reach(target) for target in targets]
`;

const shellCode = `#!/bin/bash
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
headers=$(mktemp)
while :; do
  event=$(curl -sS -D "$headers" "$api/next")
  id=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$headers" | tr -d '[:space:]' | cut -d: -f2)
  said=
  for target in $(printf %s "$event" | tr -d '"'); do
    error=$( { exec 3<>"/dev/tcp/\${target%:*}/\${target##*:}"; } 2>&1 ) && word=connected || word=ECONNREFUSED
    case "$error" in *refused*|"") ;; *) word=$error ;; esac
    said="$said,\\"$word\\""
  done
  curl -sS -o /dev/null -d "[\${said#,}]" "$api/$id/response"
done
`;

const functionNetworks = [
  { functions: ["orders-*"], allow: [{ cidr: `${addresses.privateHost}/32`, ports: [PORT] }] },
  { functions: ["caller"], lambdaApi: true },
];

const listener = createServer((socket) => socket.end()).listen(PORT, "0.0.0.0");
const paddock = await startPaddock({
  settings: {
    "sandbox-network": "egress",
    "sandbox-name-servers": addresses.nameServer,
    "function-networks": JSON.stringify(functionNetworks),
  },
});
try {
  const user = createLambdaUser(paddock.access);
  const settings = await paddock.cli("config");
  const ports = ["port", "controlPort", "redisPort", "postgresPort", "natsPort"].map((name) =>
    Number(new RegExp(`^${name} +(\\d+) `, "m").exec(settings)?.[1]),
  );
  const ours = ports.flatMap((port) => [
    ["127.0.0.1", port],
    [addresses.own, port],
  ]);
  const targets: [string, number][] = [
    [addresses.outside, PORT],
    ["somewhere.example", PORT],
    [addresses.privateHost, PORT],
    [addresses.metadata, PORT],
    [addresses.nameServer, PORT],
    [addresses.own, PORT],
    [SERVICE_ADDRESS, paddock.access.port],
    ...ours.map(([host, port]): [string, number] => [String(host), Number(port)]),
  ];
  const python = {
    Runtime: installedPython(await paddock.cli("status", "--json")),
    files: { "index.py": pythonCode },
  };
  const common = { Timeout: 60, MemorySize: 1769 };
  for (const FunctionName of ["python", "orders-eu", "caller"]) {
    await user.createFunction({ ...common, ...python, FunctionName });
  }
  await user.createFunction({
    ...common,
    FunctionName: "node",
    files: { "index.mjs": nodeCode },
  });
  await user.createFunction({
    ...common,
    FunctionName: "shell",
    Runtime: "provided.al2023",
    files: { bootstrap: { content: shellCode, mode: 0o755 } },
  });
  const reached: Record<string, Record<string, string>> = {};
  const words = targets.map((target) => target.join(":")).join(" ");
  for (const name of ["python", "orders-eu", "caller", "node", "shell"]) {
    const { functionError, json, text } = await user.invoke(
      name,
      name === "shell" ? words : targets,
    );
    if (functionError !== undefined) throw new Error(`${name}: ${text}`);
    const said = json as readonly string[]; // As the probes above answer.
    const pairs = targets.map(([host, port], index) => [`${host}:${port}`, said[index] ?? ""]);
    reached[name] = Object.fromEntries(pairs);
  }
  process.stdout.write(JSON.stringify(reached));
} finally {
  await paddock.stop();
  listener.close();
}
