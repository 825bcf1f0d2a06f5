/**
 * The one table of a worker in the machine's own network: lets what comes from its router out, and
 * nothing in. It belongs to the worker's process and is gone with it. Pure.
 */
import type { AllowedDestination } from "../../port.ts";
import type { UplinkPlan } from "../address-plan.ts";
import { elements } from "./sets.ts";

/** Devices of workers' routers are `paddock0`, `paddock1` …, and so are the tables. */
export const MACHINE_PREFIX = "paddock";

export interface MachineRules {
  readonly name: string;
  readonly uplink: UplinkPlan;
  /** Of all allow-lists together: the router has let each through for those only that list it. */
  readonly allowed: readonly AllowedDestination[];
}

export function machineRules({ allowed, name, uplink }: MachineRules): string {
  const cidrs = allowed.map(({ cidr }) => cidr);
  return `table inet ${name} {
  flags owner
  set listed { type ipv4_addr; flags interval; auto-merge; ${elements(cidrs)} }
  chain input {
    type filter hook input priority filter - 10; policy accept;
    iifname ${name} ip daddr @listed accept
    iifname ${name} drop
  }
  chain forward {
    type filter hook forward priority filter - 10; policy accept;
    iifname ${name} oifname "${MACHINE_PREFIX}*" drop
    iifname ${name} meta nfproto != ipv4 drop
    oifname ${name} ct state != { established, related } drop
  }
  chain outside {
    type nat hook postrouting priority srcnat;
    ip saddr ${uplink.router} oifname != ${name} masquerade
  }
}
`;
}
