/** What the request line of an Invoke names, percent-decoded and not yet checked. */
export interface InvokeTarget {
  readonly reference: string;
  readonly qualifier: string | undefined;
}

const prefix = "/2015-03-31/functions/";
const suffix = "/invocations";

/** Reads `POST /2015-03-31/functions/{FunctionName}/invocations?Qualifier=…`; undefined for others. */
export function readInvokeTarget(method: string, target: string): InvokeTarget | undefined {
  if (method !== "POST" || !target.startsWith(prefix)) return undefined;
  const mark = target.indexOf("?");
  let path = mark === -1 ? target : target.slice(0, mark);
  if (path.endsWith("/")) path = path.slice(0, -1);
  if (!path.endsWith(suffix) || path.length <= prefix.length + suffix.length) return undefined;
  const name = path.slice(prefix.length, -suffix.length);
  if (name.includes("/")) return undefined;
  const query = mark === -1 ? "" : target.slice(mark + 1);
  return { reference: decode(name), qualifier: query === "" ? undefined : readQualifier(query) };
}

function readQualifier(query: string): string | undefined {
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
