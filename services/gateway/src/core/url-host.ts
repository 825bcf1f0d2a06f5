/** The URL that a Host header names; undefined for the API's own hosts. */
export function urlIdOf(host: string | undefined): string | undefined {
  if (host === undefined || !host.includes(".lambda-url.")) return undefined;
  return /^([a-z0-9]{32})\.lambda-url\.[a-z0-9-]+\./i.exec(host)?.[1]?.toLowerCase();
}

/** Without the port. */
export function hostName(host: string): string {
  return host.replace(/:\d*$/, "");
}
