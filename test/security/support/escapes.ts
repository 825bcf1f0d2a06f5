/** Runs a table of attempts to get out in every language, and looks round afterwards. */
import { beforeAll, describe, expect, it } from "vitest";
import { calmHoldings, expectNoMoreThan, type Holdings } from "./holdings.ts";
import { type Language, languages } from "./languages.ts";
import { admit, admitBystander, type Attempt, attempt, expectOthersServed } from "./prison.ts";

export interface Escape {
  /** What the function would have done: "mounts a file system". */
  readonly what: string;
  /** A function where its words are known only when the test runs. */
  readonly attempt: Attempt | (() => Attempt);
  /** What the kernel may answer, by the names of errors. */
  readonly refusal: readonly string[];
}

export const prisonerIn = (language: Language): string => `${language}-prisoner`;

export function describeEscapes(title: string, escapes: readonly Escape[]): void {
  describe.each(languages)(`${title} (%s)`, (language) => {
    const name = prisonerIn(language);
    let before: Holdings;

    beforeAll(async () => {
      await admitBystander();
      await admit(name, language);
      await attempt(name, [["getenv", "HOME"]]);
      before = await calmHoldings();
    });

    it(`${escapes.length} ways out are closed`, async () => {
      const words = escapes.map((each) =>
        typeof each.attempt === "function" ? each.attempt() : each.attempt,
      );
      const outcomes = await attempt(name, words);
      const open = escapes
        .map(({ refusal, what }, index) => ({ what, refusal, outcome: outcomes[index] }))
        .filter(({ outcome, refusal }) => !refusal.includes(outcome?.errno ?? "none"));
      expect(open).toEqual([]);
      expect(outcomes).toHaveLength(escapes.length);
      await Promise.all([expectOthersServed(), expectNoMoreThan(before)]);
    });
  });
}
