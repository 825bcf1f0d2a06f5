import { eventSubject, type Trigger, triggerSchema } from "@paddock/contracts";
import { type NewTrigger, triggerListSchema } from "@paddock/contracts/admin";
import { renderTable } from "../output/table.ts";
import { printable } from "../output/text.ts";
import { UserError } from "../user-error.ts";
import { type CommandContext, openAdminClient, writeJson, writeLine } from "./command.ts";

export interface TriggerOptions {
  readonly nats?: string;
  readonly filter?: string;
  readonly schedule?: string;
  readonly timezone?: string;
  readonly input?: string;
  readonly disabled?: boolean;
}

export interface ListOptions {
  readonly function?: string;
  readonly json?: boolean;
}

/** `hello` or `hello:prod`. */
function splitQualifier(target: string): { functionName: string; qualifier?: string } {
  const [functionName = "", qualifier] = target.split(":", 2);
  return qualifier === undefined ? { functionName } : { functionName, qualifier };
}

/** Throws UserError where the options do not fit together. */
export function newTrigger(target: string, options: TriggerOptions): NewTrigger {
  const { nats, filter, schedule, timezone, input } = options;
  const common = { ...splitQualifier(target), enabled: options.disabled !== true };
  if (nats !== undefined && schedule === undefined) {
    if (timezone !== undefined || input !== undefined) {
      throw new UserError("--timezone and --input belong to --schedule, not to --nats.");
    }
    const filterPattern = filter === undefined ? {} : { filterPattern: filter };
    return { ...common, kind: "nats", subject: nats, ...filterPattern };
  }
  if (schedule !== undefined && nats === undefined) {
    if (filter !== undefined) throw new UserError("--filter belongs to --nats, not to --schedule.");
    return {
      ...common,
      kind: "schedule",
      expression: schedule,
      ...(timezone === undefined ? {} : { timeZone: timezone }),
      ...(input === undefined ? {} : { input }),
    };
  }
  throw new UserError(
    "A trigger needs either --nats <subject> or --schedule <expression>: for example --nats 'events.orders.>' or --schedule 'rate(1 minute)'.",
  );
}

function describeSource(trigger: Trigger): string {
  if (trigger.kind === "schedule") return `${trigger.expression} ${trigger.timeZone}`;
  const { subject, filterPattern } = trigger;
  // Records leave the first token out, because all of them have it.
  const filter = filterPattern === undefined ? "" : ` filter ${filterPattern}`;
  return printable(`${eventSubject(subject)}${filter}`);
}

export async function addTrigger(
  context: CommandContext,
  target: string,
  options: TriggerOptions,
): Promise<void> {
  const body = newTrigger(target, options);
  const request = { method: "POST", path: "triggers", body } as const;
  const trigger = await openAdminClient(context).read(request, triggerSchema);
  writeLine(context, `${trigger.triggerId}  ${trigger.functionName}  ${describeSource(trigger)}`);
}

export async function listTriggers(context: CommandContext, options: ListOptions): Promise<void> {
  const request = { path: "triggers", query: { function: options.function } };
  const { triggers } = await openAdminClient(context).read(request, triggerListSchema);
  if (options.json === true) {
    writeJson(context, triggers);
    return;
  }
  const rows = triggers.map((trigger) => [
    trigger.triggerId,
    [trigger.functionName, trigger.qualifier].filter((part) => part !== undefined).join(":"),
    trigger.kind,
    trigger.enabled ? "on" : "off",
    describeSource(trigger),
  ]);
  writeLine(context, renderTable(["trigger", "function", "kind", "state", "source"], rows));
}

export async function removeTrigger(context: CommandContext, triggerId: string): Promise<void> {
  const path = `triggers/${encodeURIComponent(triggerId)}`;
  const trigger = await openAdminClient(context).read({ method: "DELETE", path }, triggerSchema);
  writeLine(context, `removed ${trigger.triggerId}`);
}
