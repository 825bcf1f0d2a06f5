import { attemptsLineSchema, type AttemptsEnd } from "@paddock/contracts/admin";
import { Replay, type ReplayResult } from "../keep-alive/replay.ts";
import { renderTable } from "../output/table.ts";
import { timeOf } from "../output/text.ts";
import { UserError } from "../user-error.ts";
import { type CommandContext, openAdminClient, writeJson, writeLine } from "./command.ts";

export interface SimulateOptions {
  readonly function?: string;
  readonly since?: string;
  readonly json?: boolean;
}

/**
 * `paddock simulate-keepalive`: what ran, replayed here against other policies. The history comes
 * page by page; the machine that Paddock runs on only reads it.
 */
export async function simulateKeepAliveCommand(
  context: CommandContext,
  options: SimulateOptions,
): Promise<void> {
  const request = { path: "attempts", query: { function: options.function, since: options.since } };
  const replay = new Replay();
  let end: AttemptsEnd["end"] | undefined;
  for await (const line of openAdminClient(context).readLines(request, attemptsLineSchema)) {
    if ("end" in line) end = line.end;
    else replay.add(line);
  }
  if (end === undefined) throw new UserError("The history broke off before its end: try again.");
  const result = replay.run(end, end.untilMs);
  if (options.json === true) {
    writeJson(context, { ...end, ...result });
    return;
  }
  describe(context, end, result);
}

function describe(context: CommandContext, end: AttemptsEnd["end"], result: ReplayResult): void {
  const { attempts, functionVersions, recordedColdStarts, policies } = result;
  const percent = (coldStarts: number): string =>
    attempts === 0 ? "–" : `${((100 * coldStarts) / attempts).toFixed(2)} %`;
  writeLine(context, `from ${timeOf(end.sinceMs)} to ${timeOf(end.untilMs)}`);
  writeLine(
    context,
    `${attempts} attempts of ${functionVersions} function versions; as it was, ${recordedColdStarts} of them were cold starts (${percent(recordedColdStarts)})`,
  );
  if (!end.isComplete) {
    writeLine(
      context,
      "There is more on record than is replayed: name a --function, or less time.",
    );
  }
  const rows = policies.map((each) => [
    each.inForce ? `${each.policy} (in force)` : each.policy,
    each.coldStarts,
    percent(each.coldStarts),
    each.preWarmed,
    Math.round(each.idleGbSeconds),
  ]);
  const header = ["policy", "cold starts", "of all", "pre-warmed", "idle GB-s"];
  writeLine(context, renderTable(header, rows));
}
