/** What the soak's functions do when they are asked to, and what their callers must be told. */
export type Kind = "answer" | "throw" | "exit" | "hang" | "memory";

interface Behaviour {
  readonly kind: Kind;
  /** Of a million invocations. */
  readonly perMillion: number;
  /** `errorType` of the answer; absent: the function succeeds. */
  readonly errorType?: string;
}

/** The rest answers. A time-out costs a second of an environment, and the others a new process. */
export const behaviours: readonly Behaviour[] = [
  { kind: "throw", perMillion: 10_000, errorType: "Error" },
  { kind: "exit", perMillion: 5_000, errorType: "Runtime.ExitError" },
  { kind: "hang", perMillion: 1_000, errorType: "Sandbox.Timedout" },
  { kind: "memory", perMillion: 200, errorType: "Runtime.ExitError" },
];

export const functionTimeoutSeconds = 1;

export function kindAt(chance: number): Kind {
  let below = 0;
  for (const { kind, perMillion } of behaviours) {
    below += perMillion / 1_000_000;
    if (chance < below) return kind;
  }
  return "answer";
}

export const sources = {
  node: {
    "index.mjs": `
      export const handler = async ({ kind }) => {
        if (kind === "throw") throw new Error("as asked");
        if (kind === "exit") process.exit(1);
        if (kind === "hang") await new Promise((done) => setTimeout(done, 60_000));
        if (kind === "memory") for (const all = []; ; ) all.push(Buffer.alloc(8 << 20, 1));
        return { ok: true };
      };`,
  },
  python: {
    "index.py": `
import os
import time


class Error(Exception):
    pass


def handler(event, context):
    kind = event["kind"]
    if kind == "throw":
        raise Error("as asked")
    if kind == "exit":
        os._exit(1)
    if kind == "hang":
        time.sleep(60)
    taken = []
    while kind == "memory":
        taken.append(bytearray(b"x" * (8 << 20)))
    return {"ok": True}
`,
  },
};
