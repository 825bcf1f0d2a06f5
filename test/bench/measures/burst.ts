import { Agent, request } from "node:http";
import {
  createFunction,
  deleteFunction,
  lambdaClient,
  signedInvokeParts,
  type Stack,
} from "../lib/stack.ts";

export interface BurstOptions {
  readonly runtime: string;
  readonly count: number;
  /** They all run until then, counted from the first request. */
  readonly lastsMs: number;
}

export interface Burst {
  readonly asked: number;
  /** Running at the same time at the end. */
  readonly running: number;
  readonly refused: number;
  readonly firstRefusal?: string;
  /** From the first request until the handlers of half, nine tenths and all of them ran. */
  readonly halfMs: number;
  readonly nineTenthsMs: number;
  readonly allMs: number;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const sources = {
  node: {
    "index.mjs": `
      export const handler = async ({ untilMs }) => {
        const beganMs = Date.now();
        await new Promise((done) => setTimeout(done, untilMs - beganMs));
        return { beganMs };
      };`,
  },
  python: {
    "index.py": `
import time

def handler(event, context):
    began_ms = time.time() * 1000
    time.sleep(max(0, event["untilMs"] / 1000 - time.time()))
    return {"beganMs": began_ms}
`,
  },
};

/** One function, invoked so many times at once: each has to have an environment of its own. */
export async function measureBurst(stack: Stack, options: BurstOptions): Promise<Burst> {
  const { count, lastsMs, runtime } = options;
  const client = lambdaClient(stack);
  const functionName = `bench-burst-${runtime.replaceAll(".", "-")}-${count}`;
  const files = runtime.startsWith("python") ? sources.python : sources.node;
  const size = { MemorySize: 128, Timeout: Math.ceil(lastsMs / 1000) + 30 };
  await createFunction(client, functionName, runtime, { files, ...size });
  const beganMs = Date.now();
  const event = JSON.stringify({ untilMs: beganMs + lastsMs });
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  const asked = Array.from({ length: count }, () => ask(stack, agent, functionName, event));
  const answers = await Promise.all(asked);
  agent.destroy();
  await deleteFunction(client, functionName);
  return { asked: count, ...summary(answers, { beganMs, endedMs: beganMs + lastsMs }) };
}

function summary(
  answers: readonly Answer[],
  { beganMs, endedMs }: { readonly beganMs: number; readonly endedMs: number },
): Omit<Burst, "asked"> {
  const refusals = answers.filter(({ status }) => status !== 200);
  const startsMs = answers
    .filter(({ status }) => status === 200)
    .map(({ text }) => Number(JSON.parse(text).beganMs))
    .toSorted((a, b) => a - b);
  const after = (share: number): number => {
    const at = startsMs[Math.ceil(startsMs.length * share) - 1] ?? Number.POSITIVE_INFINITY;
    return Math.round(at - beganMs);
  };
  const [refusal] = refusals;
  return {
    running: startsMs.filter((startMs) => startMs < endedMs).length,
    refused: refusals.length,
    ...(refusal === undefined ? {} : { firstRefusal: `${refusal.status} ${refusal.text}` }),
    halfMs: after(0.5),
    nineTenthsMs: after(0.9),
    allMs: after(1),
  };
}

function ask(stack: Stack, agent: Agent, functionName: string, event: string): Promise<Answer> {
  const { target, headers } = signedInvokeParts(stack, functionName, { body: event });
  return new Promise((resolve, reject) => {
    const { host, port } = stack;
    const sent = request({ agent, host, port, method: "POST", path: target, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.on("error", reject);
    sent.end(event);
  });
}
