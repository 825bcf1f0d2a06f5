/**
 * `npm run bench:soak [-- --invocations=N]`: 200,000 invocations over 50 functions, with errors,
 * crashes, time-outs, out-of-memory and evictions mixed in. Fails when an answer is wrong, when an
 * attempt is on record twice or not at all, or when the stack ends up holding more (or fewer)
 * processes, mounts, control groups, namespaces, sockets, descriptors or loop devices than before.
 */
import { isDeepStrictEqual, parseArgs } from "node:util";
import { statusReportSchema, usageReportSchema } from "@paddock/contracts/admin";
import { eventually, type TestPaddock } from "@paddock/testkit";
import { benchLimits } from "./lib/limits.ts";
import { runBench } from "./lib/run.ts";
import { newestPython, readAdmin } from "./lib/stack.ts";
import { type Holdings, holdingsOf } from "./soak/holdings.ts";
import { createFunctions, type LoadSummary, SoakLoad } from "./soak/load.ts";

const { values } = parseArgs({ options: { invocations: { type: "string" } } });
const invocations = Number(values.invocations ?? benchLimits.soakInvocations);

interface Soak {
  readonly load: LoadSummary;
  readonly coldStarts: number;
  /** Attempts on record, of the load alone. */
  readonly recorded: number;
  readonly before: Holdings;
  readonly after: Holdings;
}

await runBench<Soak>({
  name: "soak",
  settings: {
    "sandbox-network": "egress",
    // Room for all functions once and little more: those that scale out take the place of others.
    "worker-memory-mb": String((benchLimits.soakFunctions + benchLimits.soakSpare) * 128),
    "idle-environment-timeout-seconds": "10",
    // The stock follows demand: here it is to be the same before and after.
    "prebooted-max": "4",
  },
  async measure(paddock) {
    const { access } = paddock;
    const names = await createFunctions(access, await newestPython(access));
    // What is opened once and kept, such as connections to the database, is there from now on.
    const warmUp = await new SoakLoad(access, names, benchLimits.soakWarmUp).run();
    const before = await settled(paddock);
    const started = await usage(paddock);
    const load = await new SoakLoad(access, names, invocations).run();
    const after = await settled(paddock, before);
    const ended = await untilRecorded(paddock, warmUp.invocations + load.invocations);
    return {
      load,
      coldStarts: ended.coldStarts - started.coldStarts,
      recorded: ended.requests - warmUp.invocations,
      before,
      after,
    };
  },
  rows: ({ load, coldStarts, before, after }, { c32PerSecond }) => [
    ["invocations", `${load.invocations} in ${load.seconds} s (bare: ${c32PerSecond}/s)`],
    ["of these", JSON.stringify(load.byKind)],
    ["cold starts", String(coldStarts)],
    ["held before", JSON.stringify(before)],
    ["held after", JSON.stringify(after)],
  ],
  problems({ load, recorded, before, after }) {
    const problems: string[] = [];
    if (load.invocations < invocations) problems.push(`only ${load.invocations} were made in time`);
    if (load.wrong > 0) problems.push(`${load.wrong} wrong answers: ${load.firstWrong ?? ""}`);
    if (recorded !== load.invocations) problems.push(`${recorded} attempts are on record`);
    if (!isDeepStrictEqual(before, after)) problems.push("what is held afterwards differs");
    return problems;
  },
});

/** Without environments; with what is expected to be held, or what is held when the time is over. */
async function settled(paddock: TestPaddock, expected?: Holdings): Promise<Holdings> {
  const giveUpAtMs = Date.now() + benchLimits.soakSettleMs;
  let last: Holdings | undefined;
  for (;;) {
    const { environments } = statusReportSchema.parse(await readAdmin(paddock.access, "status"));
    const isEmpty = environments.busy + environments.idle + environments.starting === 0;
    const now = await holdingsOf(paddock);
    const isSettled = isEmpty && isDeepStrictEqual(now, expected ?? last);
    if (isSettled || Date.now() > giveUpAtMs) return now;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, benchLimits.soakLookMs));
  }
}

async function usage({ access }: TestPaddock): Promise<{ requests: number; coldStarts: number }> {
  const { functions } = usageReportSchema.parse(await readAdmin(access, "usage"));
  return {
    requests: functions.reduce((sum, each) => sum + each.requests, 0),
    coldStarts: functions.reduce((sum, each) => sum + each.coldStarts, 0),
  };
}

/** Records come a moment after the answers; what is too many comes too. */
async function untilRecorded(paddock: TestPaddock, requests: number) {
  await eventually(async () => (await usage(paddock)).requests >= requests, {
    timeoutMs: benchLimits.soakSettleMs,
  }).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, benchLimits.soakLookMs));
  return usage(paddock);
}
