/** Why an invocation met a cold start, in a sentence for people. */
import type { AttemptOutcome, ColdStart, Eviction } from "@paddock/contracts";

const endings: Readonly<Record<AttemptOutcome, string>> = {
  succeeded: "its process ended after the invocation before",
  "function-error": "its process ended after the invocation before",
  "timed-out": "the invocation before timed out",
  crashed: "its process crashed in the invocation before",
  "out-of-memory": "it ran out of memory in the invocation before",
  "init-error": "its code failed to load before",
  "platform-error": "the platform failed in the invocation before",
};

export function coldStartSentence(coldStart: ColdStart): string {
  switch (coldStart.kind) {
    case "first-request":
      return "The first request: there was no environment of this version.";
    case "scale-up":
      return scaled(coldStart.environmentsBefore);
    case "evicted":
      return coldStart.eviction === undefined
        ? "The environment that there was had been given up."
        : evicted(coldStart.eviction);
    case "new-configuration":
      return changed(coldStart.changed);
    case "reset":
      return `The environment was started again: ${ending(coldStart.after)}.`;
    case "pre-warmed":
      return "An environment was being made ahead of need when the request came.";
    default:
      return coldStart.kind satisfies never;
  }
}

function scaled(before: number | undefined): string {
  if (before === undefined) return "One more environment: those that there were had work to do.";
  const all = before === 1 ? "the other one" : `all ${before} others`;
  return `Scaled from ${before} to ${before + 1} environments: ${all} had work to do.`;
}

function changed(what: ColdStart["changed"]): string {
  if (what === undefined) return "The function has new code or a new configuration.";
  return what === "code"
    ? "The function has new code."
    : "The function has a new configuration, with the same code.";
}

function ending(after: AttemptOutcome | undefined): string {
  return after === undefined ? "its process had ended while it was idle" : endings[after];
}

function evicted({ atMs, idleMs, cause, forFunction }: Eviction): string {
  const when = `at ${minuteOf(atMs)} UTC after ${spanOf(idleMs)} without work`;
  switch (cause) {
    case "idle":
      return `The environment that there was ended ${when}.`;
    case "room":
      return `The environment that there was made room for ${forFunction ?? "another one"} ${when}.`;
    case "limit":
      return `The environment that there was ended ${when}: the limit on concurrency was lowered.`;
    case "memory":
      return `The environment that there was ended ${when}: the machine was short of memory.`;
    case "worker-gone":
      return `The environment that there was ended with its worker at ${minuteOf(atMs)} UTC.`;
    default:
      return cause satisfies never;
  }
}

/** `2026-11-27 12:03` */
function minuteOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 16).replace("T", " ");
}

function spanOf(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
