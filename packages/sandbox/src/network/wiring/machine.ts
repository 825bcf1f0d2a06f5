/**
 * The machine's side of a worker's way out: one device, one table, and forwarding between that
 * device and the others. Device and table go with the process; forwarding is taken back by `close`.
 */
import { closeSync } from "node:fs";
import { SandboxError } from "../../errors.ts";
import { KernelError } from "../../kernel/libc.ts";
import {
  addAddress,
  bringUp,
  createVethPair,
  deleteLink,
  type VethEnd,
} from "../../kernel/links.ts";
import { NetlinkSocket } from "../../kernel/netlink.ts";
import { enterNetworkNamespace, openNetworkNamespace } from "../../kernel/network.ts";
import { Nftables } from "../../kernel/nftables.ts";
import { sandboxLimits } from "../../limits.ts";
import type { AllowedDestination } from "../../port.ts";
import type { AddressPlan, UplinkPlan } from "../address-plan.ts";
import { MACHINE_PREFIX, machineRules } from "../rules/machine-rules.ts";
import { Forwarding } from "./forwarding.ts";
import { setSwitchIfThere } from "./system-switches.ts";
import type { MachineFacts } from "./tasks.ts";

/** Numbers that no other device of the machine is likely to have: known without asking for them. */
const FIRST_INDEX = 1_880_000;

export interface MachineOptions {
  readonly plan: AddressPlan;
  readonly mtu: number;
  readonly allowed: readonly AllowedDestination[];
  readonly facts: MachineFacts;
  /** The router's end of the pair. */
  readonly routerEnd: VethEnd;
  readonly lockDirectory: string;
}

export class Machine {
  readonly #namespace: number;
  readonly #links: NetlinkSocket;
  readonly #nftables: Nftables;
  readonly #forwarding: Forwarding;
  #name = "";

  private constructor(lockDirectory: string) {
    this.#namespace = openNetworkNamespace();
    this.#links = NetlinkSocket.open();
    this.#nftables = Nftables.open();
    this.#forwarding = new Forwarding(this.#nftables, lockDirectory);
  }

  /** Call while the thread is in the machine's network; it is there afterwards. */
  static open(options: MachineOptions): { machine: Machine; uplink: UplinkPlan } {
    const machine = new Machine(options.lockDirectory);
    try {
      return { machine, uplink: machine.#open(options) };
    } catch (error) {
      machine.close();
      throw error;
    }
  }

  /** From any network; the thread is in the machine's afterwards. */
  changed(facts: MachineFacts): void {
    enterNetworkNamespace(this.#namespace);
    this.#forwarding.allow(facts.devices);
  }

  close(): void {
    enterNetworkNamespace(this.#namespace);
    try {
      if (this.#name !== "") {
        this.#links.run(deleteLink(this.#name));
        this.#forwarding.giveUp();
      }
    } finally {
      this.#nftables.close();
      this.#links.close();
      closeSync(this.#namespace);
    }
  }

  #open(options: MachineOptions): UplinkPlan {
    const { allowed, facts, plan } = options;
    const index = this.#createPair(options);
    const uplink = plan.uplink(index);
    const name = this.#name;
    setSwitchIfThere(`ipv6/conf/${name}/disable_ipv6`, "1");
    const device = FIRST_INDEX + index;
    this.#links.run(bringUp(device), addAddress(device, uplink.machine, uplink.prefix));
    this.#nftables.run(`make the table ${name}`, machineRules({ name, uplink, allowed }));
    this.#forwarding.allow([...facts.devices, name]);
    return uplink;
  }

  /** The first number that is free; the kernel decides between workers that want the same one. */
  #createPair({ mtu, routerEnd }: MachineOptions): number {
    for (let index = 0; index < sandboxLimits.uplinks; index += 1) {
      const name = `${MACHINE_PREFIX}${String(index)}`;
      try {
        this.#links.run(createVethPair({ name, index: FIRST_INDEX + index }, routerEnd, mtu));
        this.#name = name;
        return index;
      } catch (error) {
        if (!(error instanceof KernelError) || !["EEXIST", "EBUSY"].includes(error.code)) {
          throw error;
        }
      }
    }
    throw new SandboxError(
      `all ${String(sandboxLimits.uplinks)} uplinks are held by other workers`,
    );
  }
}
