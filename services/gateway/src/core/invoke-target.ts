/** What an invocation is asked of, percent-decoded and not yet checked. */
export interface InvokeTarget {
  readonly reference: string;
  readonly qualifier: string | undefined;
}

/** The operations that invoke a function over HTTP. */
export type InvokeOperation = "Invoke" | "InvokeAsync";

/** What the request line of one of them says. */
export interface InvokeCall extends InvokeTarget {
  readonly operation: InvokeOperation;
}

/** Where they are found; the function's name is between the two. */
const addresses: readonly { operation: InvokeOperation; prefix: string; suffix: string }[] = [
  { operation: "Invoke", prefix: "/2015-03-31/functions/", suffix: "/invocations" },
  { operation: "InvokeAsync", prefix: "/2014-11-13/functions/", suffix: "/invoke-async" },
];

/** Reads `POST /2015-03-31/functions/{FunctionName}/invocations?Qualifier=…`; undefined for others. */
export function readInvokeCall(method: string, target: string): InvokeCall | undefined {
  if (method !== "POST") return undefined;
  for (const { operation, prefix, suffix } of addresses) {
    if (!target.startsWith(prefix)) continue;
    const mark = target.indexOf("?");
    const name = nameBetween(mark === -1 ? target : target.slice(0, mark), prefix, suffix);
    if (name === undefined) return undefined;
    const query = mark === -1 ? "" : target.slice(mark + 1);
    // InvokeAsync knows no qualifier but the one in the function's name.
    const qualifier = operation === "InvokeAsync" ? undefined : readQualifier(query);
    return { operation, reference: decode(name), qualifier };
  }
  return undefined;
}

function nameBetween(path: string, prefix: string, suffix: string): string | undefined {
  const whole = path.endsWith("/") ? path.slice(0, -1) : path;
  if (!whole.endsWith(suffix) || whole.length <= prefix.length + suffix.length) return undefined;
  const name = whole.slice(prefix.length, -suffix.length);
  return name.includes("/") ? undefined : name;
}

function readQualifier(query: string): string | undefined {
  if (query === "") return undefined;
  for (const pair of query.split("&")) {
    if (pair.startsWith("Qualifier=")) return decode(pair.slice("Qualifier=".length));
  }
  return undefined;
}

/** A name that cannot be decoded is no function's name either: it is refused as it stands. */
function decode(encoded: string): string {
  if (!encoded.includes("%")) return encoded;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
