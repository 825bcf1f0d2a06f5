/**
 * Subject patterns by their tokens, so that an event looks at the patterns that may fit and not at
 * all. `*` stands for one token, `>` (last) for one or more, as in NATS.
 */
interface Node<Value> {
  readonly next: Map<string, Node<Value>>;
  /** Values whose pattern ends here. */
  readonly here: Map<string, Value>;
  /** Values whose pattern ends here with `>`. */
  readonly below: Map<string, Value>;
}

export class SubjectIndex<Value> {
  readonly #root: Node<Value> = emptyNode();

  /** Adds a value under an id; the same id under the same pattern is replaced. */
  add(pattern: string, id: string, value: Value): void {
    const tokens = pattern.split(".");
    const takesRest = tokens.at(-1) === ">";
    let node = this.#root;
    for (const token of takesRest ? tokens.slice(0, -1) : tokens) {
      let next = node.next.get(token);
      if (next === undefined) node.next.set(token, (next = emptyNode()));
      node = next;
    }
    (takesRest ? node.below : node.here).set(id, value);
  }

  remove(pattern: string, id: string): void {
    removeFrom(this.#root, pattern.split("."), 0, id);
  }

  /** The values of all patterns that a subject fits. */
  match(subject: string): Value[] {
    const found: Value[] = [];
    collect(this.#root, subject.split("."), 0, found);
    return found;
  }
}

function emptyNode<Value>(): Node<Value> {
  return { next: new Map(), here: new Map(), below: new Map() };
}

function collect<Value>(
  node: Node<Value>,
  tokens: readonly string[],
  index: number,
  found: Value[],
): void {
  const token = tokens[index];
  if (token === undefined) {
    for (const value of node.here.values()) found.push(value);
    return;
  }
  for (const value of node.below.values()) found.push(value);
  const literal = node.next.get(token);
  if (literal !== undefined) collect(literal, tokens, index + 1, found);
  const any = node.next.get("*");
  if (any !== undefined) collect(any, tokens, index + 1, found);
}

/** Returns whether the node is empty now, so that its parent drops it. */
function removeFrom<Value>(
  node: Node<Value>,
  tokens: readonly string[],
  index: number,
  id: string,
): boolean {
  const token = tokens[index];
  if (token === undefined) node.here.delete(id);
  else if (token === ">" && index === tokens.length - 1) node.below.delete(id);
  else {
    const next = node.next.get(token);
    if (next !== undefined && removeFrom(next, tokens, index + 1, id)) node.next.delete(token);
  }
  return node.next.size === 0 && node.here.size === 0 && node.below.size === 0;
}
