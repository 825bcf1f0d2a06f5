import { dataPaths, openDataDirectory } from "../data-directory/data-directory.ts";
import { endLeftOvers, ProcessRegister } from "../data-directory/left-overs.ts";
import { lockDataDirectory } from "../data-directory/lock.ts";
import { identify } from "../data-directory/process-identity.ts";
import {
  forgetRunningStack,
  publishRunningStack,
  type RunningStack,
} from "../data-directory/running-stack.ts";
import { openSecrets } from "../data-directory/secrets.ts";
import type { CommandSettings } from "../settings/command-settings.ts";
import { describeSettings } from "../settings/described-setting.ts";
import { logPath, watchLogs } from "../supervisor/log-files.ts";
import { StartFailure } from "../supervisor/start-failure.ts";
import { Supervisor } from "../supervisor/supervisor.ts";
import { UserError } from "../user-error.ts";
import { type Ending, listenForEnding } from "./ending.ts";
import { checkExternalServers } from "./external-servers.ts";
import { checkPorts } from "./ports.ts";
import { type ServiceEntry, serviceTable } from "./service-table.ts";
import { planStack, type Stack } from "./stack.ts";
import { describeFailure, describeReady, type Print, terminalEvents } from "./terminal.ts";

/** `paddock up`: runs the whole stack in the foreground. Resolves with the exit code. */
export async function up(
  given: CommandSettings,
  print: Print,
  services: readonly ServiceEntry[] = serviceTable,
): Promise<number> {
  const directory = given.require("dataDirectory");
  openDataDirectory(directory);
  const lock = lockDataDirectory(directory);
  const ending = listenForEnding();
  try {
    print(`  Data in ${directory}`);
    const leftOvers = await endLeftOvers(directory);
    if (leftOvers.length > 0)
      print(`  Ended what a killed Paddock left behind: ${leftOvers.join(", ")}`);
    const stack = planStack(given, openSecrets(directory), services);
    await Promise.all([checkPorts(stack.ports), checkExternalServers(given)]);
    return await runStack(stack, { directory, ending, print });
  } finally {
    forgetRunningStack(directory);
    ending.release();
    lock.release();
  }
}

interface RunContext {
  readonly directory: string;
  readonly ending: Ending;
  readonly print: Print;
}

async function runStack(stack: Stack, { directory, ending, print }: RunContext): Promise<number> {
  const register = new ProcessRegister(directory);
  const terminal = terminalEvents(print);
  const notes: string[] = [];
  const supervisor = new Supervisor(stack.processes, {
    started: (process, started, tookMs) => {
      notes.push(...(started.notes ?? []));
      register.add(process.name, started.pid);
      terminal.started(process, started, tookMs);
    },
    died: (process, reason, restartInMs) => {
      register.remove(process.name);
      terminal.died(process, reason, restartInMs);
    },
    restarted: (process, started) => {
      register.add(process.name, started.pid);
      terminal.restarted(process, started);
    },
    stopped: (process) => {
      register.remove(process.name);
      terminal.stopped(process);
    },
  });
  const logs = watchLogs(() =>
    stack.processes.map(({ name }) => logPath(dataPaths.logs(directory), name)),
  );
  void ending.insisted.then(() => {
    supervisor.kill();
    forgetRunningStack(directory);
    print("  Killed.");
    process.exit(130);
  });
  try {
    const startup = supervisor.start();
    startup.catch(() => undefined);
    const early = await Promise.race([startup.then(() => undefined), ending.asked]);
    terminal.settleStart();
    if (early === undefined) {
      announce(stack, { directory, notes, print });
      print("\n  Ctrl-C stops everything.");
      await ending.asked;
    }
    print("  Stopping …");
    return 0;
  } catch (error) {
    if (error instanceof StartFailure) throw new UserError(describeFailure(error));
    throw error;
  } finally {
    await supervisor.stop();
    logs.stop();
  }
}

/** Leaves word for clients, then prints the block. The time counts from the process's start. */
function announce(
  stack: Stack,
  { directory, notes, print }: Pick<RunContext, "directory" | "print"> & { notes: string[] },
): void {
  const settings = stack.settings();
  const running: RunningStack = {
    supervisor: identify(process.pid),
    startedAtMs: Date.now(),
    inForce: describeSettings(settings),
    publicUrl: settings.require("publicUrl"),
    natsUrl: settings.require("natsUrl"),
    region: settings.require("region"),
    accountId: settings.require("accountId"),
    rootAccessKeyId: settings.require("rootAccessKeyId"),
    rootSecretAccessKey: settings.require("rootSecretAccessKey"),
    adminToken: settings.require("adminToken"),
  };
  publishRunningStack(directory, running);
  const inForce = { isolation: settings.require("isolation"), notes };
  print(`\n${describeReady(running, inForce, performance.now())}`);
}
