/**
 * Whether the machine's own firewall drops what is forwarded, as Docker, ufw and firewalld make it
 * do: an `accept` of ours does not overrule somebody else's `drop`. Read from what nftables prints,
 * which is where the rules of iptables-nft are too. Pure.
 */
import { MACHINE_PREFIX } from "../rules/machine-rules.ts";

interface Chain {
  readonly table: string;
  readonly name: string;
  readonly lines: readonly string[];
}

/** What drops packets and what to do about it; undefined where nothing does. */
export function findDroppingFirewall(ruleset: string): string | undefined {
  const found = chainsOf(ruleset).find(
    (chain) =>
      /^(ip|inet) /.test(chain.table) &&
      !chain.table.startsWith(`inet ${MACHINE_PREFIX}`) &&
      isForwardHook(chain) &&
      (chain.lines[0]?.includes("policy drop") === true || endsWithRefusal(chain)),
  );
  if (found === undefined) return undefined;
  const insert = `nft insert rule ${found.table} ${found.name}`;
  return (
    `the machine's own firewall drops what is forwarded (chain ${found.name} of table ${found.table}): ` +
    `${insert} iifname '"${MACHINE_PREFIX}*"' accept; ${insert} oifname '"${MACHINE_PREFIX}*"' accept`
  );
}

function isForwardHook({ lines: [declaration = ""] }: Chain): boolean {
  return declaration.startsWith("type filter hook forward ");
}

/** The last rule drops or refuses whatever has come so far. */
function endsWithRefusal({ lines }: Chain): boolean {
  return /^(counter packets \d+ bytes \d+ )?(drop|reject( with .*)?)$/.test(lines.at(-1) ?? "");
}

/** Of what `nft list ruleset` prints: tables at the margin, chains one step in, rules two. */
function chainsOf(ruleset: string): Chain[] {
  const tables = [...ruleset.matchAll(/^table (\S+ \S+) \{(.*?)^\}/gms)];
  return tables.flatMap(([, table = "", body = ""]) =>
    [...body.matchAll(/^\tchain (\S+) \{\n(.*?)^\t\}/gms)].map(([, name = "", rules = ""]) => ({
      table,
      name,
      lines: rules.split("\n").flatMap((line) => line.trim() || []),
    })),
  );
}
