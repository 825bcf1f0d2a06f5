import { PaddockError, type Trigger } from "@paddock/contracts";
import type { AskedTrigger } from "@paddock/contracts/admin";
import { compileFilterPattern, parseSchedule } from "@paddock/lambda-model";

const PREFIX = "events.";

/**
 * A trigger as it is kept, its expressions checked. A subject is kept without its `events.`, which
 * all have.
 *
 * @throws PaddockError InvalidParameterValueException, ValidationException
 */
export function toTrigger(
  asked: AskedTrigger,
  options: {
    triggerId: string;
    nowMs: number;
    isEventPattern: (pattern: string) => boolean;
  },
): Trigger {
  const { functionName, qualifier, enabled } = asked;
  const common = {
    triggerId: options.triggerId,
    functionName,
    ...(qualifier === undefined ? {} : { qualifier }),
    enabled,
    createdAtMs: options.nowMs,
  };
  if (asked.kind === "nats") {
    const { subject, filterPattern } = asked;
    const pattern = subject.startsWith(PREFIX) ? subject.slice(PREFIX.length) : "";
    if (!options.isEventPattern(pattern)) {
      throw invalid(
        `The subject '${subject}' is none: it begins with 'events.', then come words, '*' for one or '>' for the rest.`,
      );
    }
    if (filterPattern === undefined) return { ...common, kind: "nats", subject: pattern };
    compileFilterPattern(filterPattern);
    return { ...common, kind: "nats", subject: pattern, filterPattern };
  }
  const { expression, timeZone, input } = asked;
  parseSchedule(expression, timeZone);
  const schedule = { ...common, kind: "schedule", expression, timeZone } as const;
  if (input === undefined) return schedule;
  checkJson(input);
  return { ...schedule, input };
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new PaddockError("InvalidParameterValueException", "The input is not valid JSON.", {
      cause,
    });
  }
}

function invalid(message: string): PaddockError {
  return new PaddockError("InvalidParameterValueException", message);
}
