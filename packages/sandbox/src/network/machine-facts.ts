/** What the machine's network is like now, as far as sandboxes' networks depend on it. */
import { lookup } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { sandboxLimits } from "../limits.ts";
import type { StreamTarget } from "./port.ts";
import { MACHINE_PREFIX } from "./rules/machine-rules.ts";
import type { Endpoint } from "./rules/router-rules.ts";
import type { MachineFacts } from "./wiring/tasks.ts";

const USUAL_MTU = 1500;

export function readMachineFacts(): MachineFacts {
  const devices = Object.entries(networkInterfaces()).filter(
    ([name]) => !name.startsWith(MACHINE_PREFIX),
  );
  const outward = devices.map(([name, addresses = []]) => ({
    name,
    addresses: addresses.filter(({ family, internal }) => family === "IPv4" && !internal),
  }));
  return {
    addresses: outward.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
    devices: outward.flatMap(({ addresses, name }) => (addresses.length > 0 ? [name] : [])),
  };
}

/** Calls back when the facts have changed; looks in intervals, for the kernel tells Node nothing. */
export function watchMachine(onChange: (facts: MachineFacts) => void): () => void {
  let last = JSON.stringify(readMachineFacts());
  const timer = setInterval(() => {
    const facts = readMachineFacts();
    const now = JSON.stringify(facts);
    if (now === last) return;
    last = now;
    onChange(facts);
  }, sandboxLimits.machineCheckMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Of the device that the machine's default route leads to: larger packets would be refused later. */
export function outwardMtu(): number {
  try {
    const routes = readFileSync("/proc/net/route", "utf8");
    const device = /^(\S+)\t00000000\t/m.exec(routes)?.[1] ?? "";
    return Number(readFileSync(`/sys/class/net/${device}/mtu`, "utf8")) || USUAL_MTU;
  } catch {
    return USUAL_MTU;
  }
}

/** A name that does not resolve now has no address to deny. */
export async function addressesOf(targets: readonly StreamTarget[]): Promise<Endpoint[]> {
  const found = targets.map(async ({ host, port }) => {
    const addresses = await lookup(host, { all: true, family: 4 }).catch(() => []);
    return addresses.map(({ address }) => ({ address, port }));
  });
  return (await Promise.all(found)).flat();
}
