import {
  flagOf,
  isSettingName,
  settingCatalogue,
  type SettingName,
  settingNames,
} from "@paddock/service-kit";
import { Command, Option } from "commander";
import type { CommandContext, Write } from "./commands/command.ts";
import type { InvocationsOptions } from "./commands/invocations.ts";
import type { LogsOptions } from "./commands/logs.ts";
import type { SimulateOptions } from "./commands/simulate-keepalive.ts";
import type { ListOptions, TriggerOptions } from "./commands/trigger.ts";
import type { UsageOptions } from "./commands/usage.ts";
import { PADDOCK_VERSION } from "./data-directory/data-directory.ts";
import type { CommandFlags } from "./settings/command-settings.ts";

/**
 * The command line. Each command's code is loaded when it is called: `paddock env` runs in every
 * new shell and should not load what `paddock up` needs.
 */
export interface ProgramResult {
  exitCode: number;
}

/** Settings that a command which only asks a running stack has a use for. */
const clientSettings: readonly SettingName[] = ["dataDirectory"];

function addSettings(command: Command, names: readonly SettingName[]): Command {
  command.option(
    "--config <file>",
    "settings file (default: paddock.config.json, if there is one)",
  );
  for (const name of names) {
    const { help, valueName } = settingCatalogue[name];
    const option = new Option(`${flagOf(name)} <${valueName}>`, help);
    // Commander would file --data-dir under dataDir; the catalogue calls it dataDirectory.
    option.attributeName = () => name;
    command.addOption(option);
  }
  return command;
}

function flagsOf(options: Readonly<Record<string, unknown>>): CommandFlags {
  const flags: Partial<Record<SettingName, string>> = {};
  for (const [name, value] of Object.entries(options)) {
    if (isSettingName(name) && typeof value === "string") flags[name] = value;
  }
  const { config } = options;
  return { flags, ...(typeof config === "string" ? { configFile: config } : {}) };
}

export function createProgram(write: Write, result: ProgramResult): Command {
  const program = new Command("paddock")
    .description("AWS Lambda on your own machines")
    .version(PADDOCK_VERSION);
  const contextOf = (command: Command): CommandContext => ({
    commandFlags: flagsOf(command.opts()),
    write,
  });
  addUp(program, write, result);
  addLocalCommands(program, contextOf);
  addTriggerCommands(program, contextOf);
  addReadingCommands(program, contextOf);
  return program;
}

type ContextOf = (command: Command) => CommandContext;

function addUp(program: Command, write: Write, result: ProgramResult): void {
  addSettings(
    program.command("up").description("start everything, in the foreground"),
    settingNames,
  ).action(async (options: Record<string, unknown>) => {
    const { readCommandSettings } = await import("./settings/command-settings.ts");
    const { up } = await import("./up/up.ts");
    const print = (line: string) => write(`${line}\n`);
    result.exitCode = await up(readCommandSettings(flagsOf(options)), print);
  });
}

function addLocalCommands(program: Command, contextOf: ContextOf): void {
  addSettings(
    program.command("env").description('print variables for clients: eval "$(npx paddock env)"'),
    clientSettings,
  ).action(async (_options, command: Command) => {
    const { printEnvironment } = await import("./commands/env.ts");
    printEnvironment(contextOf(command));
  });
  addSettings(
    program.command("config").description("print every setting and where it came from"),
    settingNames,
  )
    .option("--json", "as JSON")
    .action(async (options: { json?: boolean }, command: Command) => {
      const { printConfig } = await import("./commands/config.ts");
      printConfig(contextOf(command), options);
    });
  addSettings(
    program.command("dashboard").description("print the dashboard's address, token included"),
    clientSettings,
  ).action(async (_options, command: Command) => {
    const { printDashboard } = await import("./commands/status.ts");
    printDashboard(contextOf(command));
  });
}

function addTriggerCommands(program: Command, contextOf: ContextOf): void {
  const trigger = program.command("trigger").description("what calls a function by itself");
  addSettings(
    trigger
      .command("add <function>")
      .description("call a function (or function:alias) on events or by the clock"),
    clientSettings,
  )
    .option("--nats <subject>", "events on this NATS subject, such as 'events.orders.>'")
    .option("--filter <pattern>", "only events that match this Lambda filter pattern (JSON)")
    .option("--schedule <expression>", "rate(…), cron(…) or at(…)")
    .option("--timezone <name>", "time zone of the schedule, such as Europe/Berlin (default: UTC)")
    .option("--input <json>", "event that the schedule sends")
    .option("--disabled", "keep it switched off")
    .action(async (target: string, options: TriggerOptions, command: Command) => {
      const { addTrigger } = await import("./commands/trigger.ts");
      await addTrigger(contextOf(command), target, options);
    });
  addSettings(trigger.command("ls").description("list triggers"), clientSettings)
    .option("--function <name>", "of this function only")
    .option("--json", "as JSON")
    .action(async (options: ListOptions, command: Command) => {
      const { listTriggers } = await import("./commands/trigger.ts");
      await listTriggers(contextOf(command), options);
    });
  addSettings(
    trigger.command("rm <trigger>").description("remove a trigger"),
    clientSettings,
  ).action(async (triggerId: string, _options, command: Command) => {
    const { removeTrigger } = await import("./commands/trigger.ts");
    await removeTrigger(contextOf(command), triggerId);
  });
}

function addReadingCommands(program: Command, contextOf: ContextOf): void {
  const invocations = program.command("invocations").description("invocations on record");
  addSettings(invocations.command("ls").description("list them, newest first"), clientSettings)
    .option("--function <name>", "of this function only")
    .option("--state <state>", "accepted, retrying, succeeded, failed, expired or dropped")
    .option("--limit <count>", "how many (default: 50, at most 1000)")
    .option("--cursor <cursor>", "where the page before ended")
    .option("--json", "as JSON")
    .action(async (options: InvocationsOptions, command: Command) => {
      const { listInvocations } = await import("./commands/invocations.ts");
      await listInvocations(contextOf(command), options);
    });
  addSettings(
    invocations.command("show <request>").description("one, with its attempts and log"),
    clientSettings,
  )
    .option("--json", "as JSON")
    .action(async (requestId: string, options: { json?: boolean }, command: Command) => {
      const { showInvocation } = await import("./commands/invocations.ts");
      await showInvocation(contextOf(command), requestId, options);
    });
  addSettings(program.command("logs <function>").description("log of a function"), clientSettings)
    .option("--since <time>", "15m, 24h, 7d, an ISO time or milliseconds (default: 10m)")
    .option("--follow", "go on as new lines come")
    .option("--json", "one JSON document a line")
    .action(async (functionName: string, options: LogsOptions, command: Command) => {
      const { printLogs } = await import("./commands/logs.ts");
      await printLogs(contextOf(command), functionName, options);
    });
  addSettings(
    program.command("usage").description("requests, GB-seconds and list price"),
    clientSettings,
  )
    .option("--function <name>", "of this function only")
    .option("--since <time>", "15m, 24h, 7d, an ISO time or milliseconds (default: everything)")
    .option("--json", "as JSON")
    .action(async (options: UsageOptions, command: Command) => {
      const { printUsage } = await import("./commands/usage.ts");
      await printUsage(contextOf(command), options);
    });
  addSettings(
    program
      .command("simulate-keepalive")
      .description("replay what ran against other ways of keeping idle environments"),
    clientSettings,
  )
    .option("--function <name>", "this function only")
    .option("--since <time>", "15m, 24h, 7d, an ISO time or milliseconds (default: 7d)")
    .option("--json", "as JSON")
    .action(async (options: SimulateOptions, command: Command) => {
      const { simulateKeepAliveCommand } = await import("./commands/simulate-keepalive.ts");
      await simulateKeepAliveCommand(contextOf(command), options);
    });
  for (const name of ["status", "workers"] as const) {
    const description = name === "status" ? "the stack at a glance" : "workers and what they hold";
    addSettings(program.command(name).description(description), clientSettings)
      .option("--json", "as JSON")
      .action(async (options: { json?: boolean }, command: Command) => {
        const { printStatus, printWorkers } = await import("./commands/status.ts");
        await (name === "status" ? printStatus : printWorkers)(contextOf(command), options);
      });
  }
}
