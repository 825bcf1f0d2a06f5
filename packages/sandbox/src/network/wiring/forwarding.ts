/**
 * Packets go from one device to another only where the machine allows it. Where it does already
 * (net.ipv4.ip_forward = 1) nothing is changed. Where it does not, forwarding is switched on for each
 * device, never for the machine: so `ip_forward` tells whether somebody else has come to need it, and
 * taking back is exact. Meanwhile a table keeps what comes in by those devices from going anywhere it
 * did not go before. The table names the devices, so that a later worker can take back what one that
 * was killed has switched on.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "../../kernel/file-lock.ts";
import type { Nftables } from "../../kernel/nftables.ts";
import { MACHINE_PREFIX } from "../rules/machine-rules.ts";
import { readSwitch, setSwitch } from "./system-switches.ts";

const TABLE = "inet paddock_forwarding";

export class Forwarding {
  readonly #nftables: Nftables;
  readonly #lock: string;

  constructor(nftables: Nftables, lockDirectory: string) {
    this.#nftables = nftables;
    this.#lock = join(lockDirectory, "forwarding.lock");
  }

  /** Packets between a worker's device and these ones pass. */
  allow(devices: readonly string[]): void {
    withLock(this.#lock, () => {
      if (isOnForAll()) {
        this.#removeGuard();
        return;
      }
      const off = devices.filter((device) => readSwitch(switchOf(device)) === "0");
      const guarded = off.filter((device) => !device.startsWith(MACHINE_PREFIX));
      if (guarded.length > 0) this.#nftables.run("guard forwarding", guard(guarded));
      for (const device of off) setSwitch(switchOf(device), "1");
    });
  }

  /** Call without a device: the last worker takes back what was switched on. */
  giveUp(): void {
    withLock(this.#lock, () => {
      if (hasDevicesOfWorkers()) return;
      const guarded = this.#guardedDevices();
      if (!isOnForAll()) {
        for (const device of guarded) {
          if (readSwitch(switchOf(device)) === "1") setSwitch(switchOf(device), "0");
        }
      }
      this.#removeGuard();
    });
  }

  #guardedDevices(): readonly string[] {
    const text = this.#nftables.list(`set ${TABLE} changed`) ?? "";
    const [, names = ""] = /elements = \{([^}]*)\}/.exec(text) ?? [];
    return [...names.matchAll(/"([^"]+)"/g)].flatMap(([, name]) => name ?? []);
  }

  #removeGuard(): void {
    // Added first, for what is not there cannot be deleted.
    this.#nftables.run("stop guarding", `add table ${TABLE}\ndelete table ${TABLE}`);
  }
}

function isOnForAll(): boolean {
  return readSwitch("ipv4/ip_forward") === "1";
}

function switchOf(device: string): string {
  return `ipv4/conf/${device}/forwarding`;
}

function hasDevicesOfWorkers(): boolean {
  const devices = readFileSync("/proc/thread-self/net/dev", "utf8");
  return new RegExp(`^ *${MACHINE_PREFIX}\\d+:`, "m").test(devices);
}

/** Replies pass, and what somebody publishes on purpose (Docker's ports are `dnat`). */
function guard(devices: readonly string[]): string {
  const names = devices.map((device) => `"${device}"`).join(", ");
  return [
    `add table ${TABLE}`,
    `add set ${TABLE} changed { type ifname; }`,
    `add element ${TABLE} changed { ${names} }`,
    `add chain ${TABLE} forward { type filter hook forward priority filter - 20; policy accept; }`,
    `flush chain ${TABLE} forward`,
    `add rule ${TABLE} forward iifname != @changed accept`,
    `add rule ${TABLE} forward ct state { established, related } accept`,
    `add rule ${TABLE} forward ct status dnat accept`,
    `add rule ${TABLE} forward drop`,
  ].join("\n");
}
