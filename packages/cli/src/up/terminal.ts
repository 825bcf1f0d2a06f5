import type { RunningStack } from "../data-directory/running-stack.ts";
import { isolationText } from "../output/isolation.ts";
import type { ManagedProcess, StartedProcess } from "../supervisor/managed-process.ts";
import type { StartFailure } from "../supervisor/start-failure.ts";
import type { SupervisorEvents } from "../supervisor/supervisor.ts";

/** What `paddock up` prints. Lines only, so that it reads well in a log file too. */

export type Print = (line: string) => void;

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

export function describeStart(
  process: ManagedProcess,
  started: StartedProcess,
  tookMs: number,
): string {
  const what = started.detail === undefined ? process.title : `${process.title} ${started.detail}`;
  return `  ${what.padEnd(40)}${(tookMs / 1000).toFixed(2)} s`;
}

export function terminalEvents(print: Print): SupervisorEvents & { settleStart(): void } {
  let isStarting = true;
  return {
    started: (process, started, tookMs) => print(describeStart(process, started, tookMs)),
    died: (process, reason, restartInMs) => {
      // While everything starts, the failure is reported as a whole.
      const when = restartInMs < 1000 ? `${Math.round(restartInMs)} ms` : seconds(restartInMs);
      print(`  ${process.title} died: ${firstLine(reason)}; it is started again in ${when}`);
    },
    restarted: (process) => print(`  ${process.title} is running again`),
    stopped: (process) => {
      if (!isStarting) print(`  ${process.title} stopped`);
    },
    settleStart: () => {
      isStarting = false;
    },
  };
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? text;
}

export interface InForce {
  readonly isolation: string;
  /** What services say of this machine: which means of isolation are on. */
  readonly notes: readonly string[];
}

/** The block that ends a start. */
export function describeReady(stack: RunningStack, inForce: InForce, tookMs: number): string {
  return [
    `  Paddock is ready in ${seconds(tookMs)}`,
    `    Lambda API    ${stack.publicUrl}       region ${stack.region}, account ${stack.accountId}`,
    `    Dashboard     ${stack.publicUrl}/_paddock/`,
    `    NATS          ${stack.natsUrl}`,
    `    Credentials   eval "$(npx paddock env)"`,
    `    Isolation     ${isolationText(inForce.isolation)}`,
    ...inForce.notes.map((note) => `                  ${note}`),
  ].join("\n");
}

export function describeFailure(failure: StartFailure): string {
  const shown = failure.lastLines.map((line) => `    ${line}`);
  return [
    `${failure.title} did not start: ${failure.reason}`,
    ...(shown.length === 0 ? [] : [`  Last lines of ${failure.logFile}:`, ...shown]),
  ].join("\n");
}
