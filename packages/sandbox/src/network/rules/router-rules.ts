/**
 * The rules of a worker's router, which all of its sandboxes' packets pass. They are in a network
 * namespace of the worker's own and do not grow with the number of sandboxes: a sandbox is told by
 * its address and by the group of its device. Pure.
 */
import { sandboxLimits } from "../../limits.ts";
import type { AllowedDestination, AllowList } from "../../port.ts";
import { SERVICE_ADDRESS } from "../address-plan.ts";
import { deniedRanges, deniedTcpPorts } from "../denied.ts";
import type { Policies } from "../policies.ts";
import { elements } from "./sets.ts";

/** The router's way out. */
export const UPLINK = "uplink";
const TABLE = "inet paddock";

export interface RouterRules {
  readonly policies: Policies;
  /** Addresses and ports of Paddock's own servers. */
  readonly ours: readonly Endpoint[];
  /** Port of the Lambda API at the service address. */
  readonly lambdaApiPort: number | undefined;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export function routerRules({ lambdaApiPort, ours, policies }: RouterRules): string {
  const endpoints = ours.map(({ address, port }) => `${address} . ${String(port)}`);
  const verdicts = policies.lists.flatMap((list, index) =>
    policies.groupsOf(list).map((group) => `${String(group)} : jump allow_${String(index)}`),
  );
  return `table ${TABLE} {
  set denied { type ipv4_addr; flags interval; ${elements(deniedRanges.map(({ cidr }) => cidr))} }
  set own { type ipv4_addr; }
  set ours { type ipv4_addr . inet_service; ${elements(endpoints)} }
  set lambda_api { type devgroup; ${elements(policies.groupsWithLambdaApi().map(String))} }
  set connections { type ipv4_addr; flags dynamic; size ${String(sandboxLimits.sandboxes * 2)}; }
  set lookups { type ipv4_addr; flags dynamic, timeout; timeout 1m; size ${String(sandboxLimits.sandboxes * 2)}; }
${policies.lists.map(allowChain).join("")}
  map policies { type devgroup : verdict; ${elements(verdicts)} }

  chain refuse {
    meta l4proto tcp reject with tcp reset
    reject with icmpx type admin-prohibited
  }
  chain input {
    type filter hook input priority filter; policy drop;
    iifname ${UPLINK} drop
    fib saddr . iif oif missing drop
    ip daddr ${SERVICE_ADDRESS} meta l4proto { tcp, udp } th dport 53 jump lookup
${lambdaApiPort === undefined ? "" : lambdaApiRule(lambdaApiPort)}
    goto refuse
  }
  chain lookup {
    update @lookups { ip saddr limit rate over ${String(sandboxLimits.lookupsPerSecond)}/second burst ${String(sandboxLimits.lookupsPerSecond)} packets } drop
    accept
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    iifname ${UPLINK} ct state established,related accept
    iifname ${UPLINK} drop
    oifname ${UPLINK} goto outgoing
    goto refuse
  }
  chain outgoing {
    fib saddr . iif oif missing drop
    ct state established,related accept
    meta nfproto != ipv4 goto refuse
    meta l4proto != { tcp, udp } goto refuse
    add @connections { ip saddr ct count over ${String(sandboxLimits.connections)} } goto refuse
    meta iifgroup vmap @policies
    ip daddr . th dport @ours goto refuse
    ip daddr @own goto refuse
    ip daddr @denied goto refuse
    tcp dport { ${deniedTcpPorts.join(", ")} } goto refuse
    accept
  }
  chain outside {
    type nat hook postrouting priority srcnat;
    oifname ${UPLINK} masquerade
  }
}
`;
}

/** The machine's own addresses, of which public ones are in no denied range. */
export function ownAddressRules(addresses: readonly string[]): string {
  const added =
    addresses.length === 0 ? "" : `add element ${TABLE} own { ${addresses.join(", ")} }`;
  return `flush set ${TABLE} own\n${added}\n`;
}

function lambdaApiRule(port: number): string {
  return `    ip daddr ${SERVICE_ADDRESS} tcp dport ${String(port)} meta iifgroup @lambda_api accept`;
}

function allowChain({ allow }: AllowList, index: number): string {
  const rules = allow.map((destination) => `    ${allowRule(destination)}\n`);
  return `  chain allow_${String(index)} {\n${rules.join("")}  }\n`;
}

function allowRule({ cidr, ports, protocol }: AllowedDestination): string {
  const kind = protocol ?? "{ tcp, udp }";
  const ranges = ports?.map(({ first, last }) => `${String(first)}-${String(last)}`);
  const to = ranges === undefined ? "" : ` th dport { ${ranges.join(", ")} }`;
  return `ip daddr ${cidr} meta l4proto ${kind}${to} accept`;
}
