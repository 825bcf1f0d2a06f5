/**
 * Scenario: a function leaves something behind: a daemon that is to outlive its invocation, and
 * traps for whoever comes next. What one environment keeps for its own next invocation is as on
 * Lambda; nobody else ever sees it.
 */
import { readFile } from "node:fs/promises";
import { DeleteFunctionCommand } from "@aws-sdk/client-lambda";
import { descendantsOf, eventually, processesMentioning } from "@paddock/testkit";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  calmHoldings,
  expectNoMoreThan,
  type Holdings,
  workerProcess,
} from "./support/holdings.ts";
import { type Language, languages } from "./support/languages.ts";
import {
  admit,
  admitBystander,
  type Attempt,
  attempt,
  expectOthersServed,
  type Outcome,
  secret,
  supervisorPid,
  tell,
  user,
} from "./support/prison.ts";
import { calling } from "./support/system-calls.ts";

const victim = "persistence-victim";
const GONE_WITHIN_MS = 20_000;
const nameIn = (language: Language): string => `${language}-remains`;
/**
 * A variable that has to be there when the process boots: such functions use no process that was
 * booted ahead, and so the stock of those, which is counted too, stays as it is.
 */
const ownBoot = { Environment: { Variables: { LANG: "C.UTF-8" } } };
let before: Holdings;
let count = 0;

/** A number of seconds for `sleep` that no other process sleeps. */
const uniqueSleep = (): string => `4000.${process.pid}${(count += 1)}`;

beforeAll(async () => {
  await admitBystander();
  await admit(victim, "node");
  await tell(victim, "getenv", "HOME");
  for (const language of languages) {
    await admit(nameIn(language), language, { Timeout: 2, ...ownBoot });
  }
});

/** With its process there: an attempt of the test before may have ended it. */
async function lookRound(language: Language): Promise<void> {
  await tell(nameIn(language), "getenv", "HOME");
  before = await calmHoldings();
}

afterEach(async () => {
  await Promise.all([expectOthersServed(), expectNoMoreThan(before)]);
});

describe.each(languages)("a daemon (%s)", (language) => {
  const name = nameIn(language);
  beforeEach(() => lookRound(language));

  it.each([
    ["exits", ["exit", "0"], "Runtime.ExitError"],
    ["fails", ["exit", "7"], "Runtime.ExitError"],
    ["crashes", ["crash"], "Runtime.ExitError"],
    ["does not end in time", ["hang"], "Sandbox.Timedout"],
  ])("does not outlive a function that %s", async (_how, last: Attempt, errorType) => {
    const seconds = uniqueSleep();
    const { json } = await user.invoke(name, [["daemon", seconds], last]);
    expect(json.errorType).toBe(errorType);
    await eventually(async () => expect(await sleepers(seconds)).toEqual([]));
  });

  it("of a function that answered stays in its sandbox, and goes with it", async () => {
    const seconds = uniqueSleep();
    const passing = await admitNew(language);
    expect(await attempt(passing, [["daemon", seconds]])).toEqual([{ value: "begun" }]);
    const [pid = 0, ...more] = await eventually(async () => {
      const found = await sleepers(seconds);
      expect(found).toHaveLength(1);
      return found;
    });
    expect(more).toEqual([]);
    expect(await descendantsOf(supervisorPid)).toContain(pid);
    const worker = await workerProcess();
    const groups = await readFile(`/proc/${pid}/cgroup`, "utf8");
    expect(groups).toContain(`.${worker.pid}.${worker.startTicks}/`);
    await user.client.send(new DeleteFunctionCommand({ FunctionName: passing }));
    await eventually(async () => expect(await sleepers(seconds)).toEqual([]), {
      timeoutMs: GONE_WITHIN_MS,
    });
  });
});

/** Keys of SysV and names of POSIX objects that the traps have. */
const KEY = 0x5041_4444;
const IPC_CREAT = 0o1000;
const O_RDWR = 2;
const O_CREAT = 0o100;
const queue = secret("queue");
const file = secret("file");
const socket = `@${secret("socket")}`;

const traps: readonly (readonly [what: string, set: Attempt, look: Attempt, seen: Outcome])[] = [
  ["a variable", ["setenv", "POISON", "yes"], ["getenv", "POISON"], { value: "" }],
  [
    "a library to be loaded",
    ["setenv", "LD_PRELOAD", "/tmp/evil.so"],
    ["getenv", "LD_PRELOAD"],
    { value: "" },
  ],
  ["a file in /tmp", ["put", `/tmp/${file}`, "x"], ["read", `/tmp/${file}`], { errno: "ENOENT" }],
  [
    "a file in shared memory",
    ["put", `/dev/shm/${file}`, "x"],
    ["read", `/dev/shm/${file}`],
    { errno: "ENOENT" },
  ],
  [
    "SysV shared memory",
    calling("shmget", KEY, 4096, IPC_CREAT | 0o666),
    calling("shmget", KEY, 4096, 0),
    { errno: "ENOENT" },
  ],
  [
    "SysV semaphores",
    calling("semget", KEY, 1, IPC_CREAT | 0o666),
    calling("semget", KEY, 1, 0),
    { errno: "ENOENT" },
  ],
  [
    "a SysV queue",
    calling("msgget", KEY, IPC_CREAT | 0o666),
    calling("msgget", KEY, 0),
    { errno: "ENOENT" },
  ],
  [
    "a POSIX queue",
    calling("mq_open", `s:${queue}`, O_CREAT | O_RDWR, 0o666, 0),
    calling("mq_open", `s:${queue}`, O_RDWR, 0, 0),
    { errno: "ENOENT" },
  ],
  ["an abstract socket", ["listen", socket], ["unix", socket], { errno: "ECONNREFUSED" }],
];

describe.each(languages)("traps that a function sets (%s)", (language) => {
  const name = nameIn(language);
  beforeEach(() => lookRound(language));
  const set = traps.map(([, words]) => words);
  const look = traps.map(([, , words]) => words);
  const harmless = traps.map(([what, , , seen]) => [what, seen]);
  const said = (outcomes: readonly Outcome[]) =>
    traps.map(([what], index) => [what, outcomes[index]]);

  it("are seen by itself", async () => {
    const outcomes = await attempt(name, [...set, ...look]);
    expect(outcomes.slice(0, set.length).filter(({ errno }) => errno !== undefined)).toEqual([]);
    for (const [index, outcome] of outcomes.slice(set.length).entries()) {
      expect(outcome).not.toEqual(traps[index]?.[3]);
    }
  });

  it("are not seen by another function that was there, nor by one that comes after", async () => {
    await attempt(name, set);
    expect(said(await attempt(victim, look))).toEqual(harmless);
    const newcomer = await admitNew(language);
    expect(said(await attempt(newcomer, look))).toEqual(harmless);
    expect(await tell(newcomer, "list", "/tmp")).toBe("");
    expect(await tell(newcomer, "list", "/dev/shm")).toBe("");
    await user.client.send(new DeleteFunctionCommand({ FunctionName: newcomer }));
  });

  it("are gone after a reset, all but those in /tmp, which Lambda keeps", async () => {
    const passing = await admitNew(language);
    const { json } = await user.invoke(passing, [...set, ["exit", "1"]]);
    expect(json.errorType).toBe("Runtime.ExitError");
    const kept = "a file in /tmp";
    const seen = said(await attempt(passing, look)).filter(([what]) => what !== kept);
    expect(seen).toEqual(harmless.filter(([what]) => what !== kept));
    await user.client.send(new DeleteFunctionCommand({ FunctionName: passing }));
  });
});

async function sleepers(seconds: string): Promise<number[]> {
  return processesMentioning(`sleep\0${seconds}`);
}

/** A function of its own for one test, of which nothing runs yet. */
async function admitNew(language: Language): Promise<string> {
  const name = `${language}-${secret("new")}`;
  await admit(name, language, ownBoot);
  return name;
}
