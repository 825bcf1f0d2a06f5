/** Pieces of nftables' language. */

/** nftables refuses `elements = { }`. */
export function elements(values: readonly string[]): string {
  return values.length === 0 ? "" : `elements = { ${values.join(", ")} }`;
}
