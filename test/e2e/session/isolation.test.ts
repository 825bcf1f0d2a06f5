/**
 * Scenario: somebody asks for another isolation than the default, and looks at what is in force:
 * where Paddock starts, in its state, beside workers, on a function's page, in an invocation's record.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { functionPageSchema } from "@paddock/contracts/admin";
import { eventually } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sessionLimits } from "./support/limits.ts";
import { findProgram, openTerminal, type Terminal } from "./support/shell.ts";
import { type Session, startSession } from "./support/stack.ts";

const withoutGvisor = findProgram("runsc") === undefined ? " (skipped: needs runsc)" : "";
const onRecord = { timeoutMs: sessionLimits.onRecordMs, intervalMs: 200 };
const code = `import { readFileSync } from "node:fs";
export const handler = async () => readFileSync("/proc/version", "utf8");`;
// oxlint-disable-next-line no-control-regex -- the escape sequences for red and back
const redProcess = /\u001b\[31mprocess(: NOT ISOLATED[^\u001b]*)?\u001b\[39m/;

interface Shown {
  readonly session: Session;
  readonly terminal: Terminal;
  readonly directory: string;
}

async function start(isolation: string): Promise<Shown> {
  const session = await startSession({ isolation });
  const directory = mkdtempSync(`${tmpdir()}/paddock-isolation-`);
  const terminal = openTerminal(directory, session.paddock.access.dataDirectory);
  await session.createFunction("shown", { files: { "index.mjs": code } });
  return { session, terminal, directory };
}

async function stop({ directory, session }: Shown): Promise<void> {
  await session.paddock.stop();
  rmSync(directory, { recursive: true, force: true });
}

/** What a terminal that takes colour prints for the one invocation of the function. */
async function showInvocation({ session, terminal }: Shown): Promise<string> {
  return eventually(async () => {
    const [detail] = await session.invocationsOf("shown");
    const requestId = detail?.invocation.requestId ?? "";
    return terminal.type(`FORCE_COLOR=1 paddock invocations show ${requestId}`);
  }, onRecord);
}

async function readPage({ session }: Shown): Promise<unknown> {
  const { adminToken, endpoint } = session.paddock.access;
  const headers = { authorization: `Bearer ${adminToken}` };
  const answer = await fetch(`${endpoint}/_paddock/api/functions/shown`, { headers });
  return functionPageSchema.parse(await answer.json());
}

describe("a Paddock that isolates nothing, because it was asked to,", () => {
  let shown: Shown;
  beforeAll(async () => {
    shown = await start("process");
  });
  afterAll(() => stop(shown));

  it("says so when it starts", () => {
    expect(shown.session.paddock.output).toMatch(/^ {4}Isolation {5}process: NOT ISOLATED, /m);
  });

  it("says so in red in its state, beside workers and in an invocation's record", async () => {
    expect(await shown.session.invoke("shown", {})).toContain("Linux version");
    expect(await showInvocation(shown)).toMatch(redProcess);
    for (const command of ["status", "workers"]) {
      expect(await shown.terminal.type(`FORCE_COLOR=1 paddock ${command}`)).toMatch(redProcess);
    }
  });

  it("says so on the function's page", async () => {
    expect(await readPage(shown)).toMatchObject({
      isolations: ["process"],
      environments: [{ isolation: "process", idle: 1 }],
    });
  });
});

// A program that no distribution has in a version that is new enough.
describe.skipIf(withoutGvisor !== "")(`a Paddock on gVisor${withoutGvisor}`, () => {
  let shown: Shown;
  beforeAll(async () => {
    shown = await start("gvisor");
  });
  afterAll(() => stop(shown));

  it("runs functions on gVisor's kernel, and says so wherever it is asked", async () => {
    expect(await shown.session.invoke("shown", {})).not.toContain("Debian");
    expect(shown.session.paddock.output).toMatch(/^ {4}Isolation {5}gvisor$/m);
    expect(await showInvocation(shown)).toContain(" gvisor ");
    expect(await shown.terminal.type("paddock status")).toMatch(/^isolation +gvisor$/m);
    expect(await shown.terminal.type("paddock workers")).toContain(" gvisor ");
    expect(await readPage(shown)).toMatchObject({ isolations: ["gvisor"] });
  });
});
