/** Subject patterns below `events.`, as triggers name them: tokens, `*` for one, `>` for the rest. */

const TOKEN = /^[^\s.*>]+$/;

export function isEventPattern(pattern: string): boolean {
  const tokens = pattern.split(".");
  return tokens.every(
    (token, index) =>
      token === "*" || (token === ">" && index === tokens.length - 1) || TOKEN.test(token),
  );
}

/** Whether `path` (what follows `events.` in a subject) fits the pattern. */
export function eventPatternMatches(pattern: string, path: string): boolean {
  const wanted = pattern.split(".");
  const tokens = path.split(".");
  for (const [index, token] of wanted.entries()) {
    if (token === ">") return tokens.length > index;
    const actual = tokens[index];
    if (actual === undefined || (token !== "*" && token !== actual)) return false;
  }
  return tokens.length === wanted.length;
}
