/** Makes networks, in the calling thread, which is in a network of the worker's own in between. */
import { closeSync } from "node:fs";
import {
  enterNetworkNamespace,
  makeNetworkNamespace,
  openNetworkNamespace,
} from "../../kernel/network.ts";
import { Nftables } from "../../kernel/nftables.ts";
import { planAddresses } from "../address-plan.ts";
import { UPLINK } from "../rules/router-rules.ts";
import { findDroppingFirewall } from "./firewall.ts";
import { Machine } from "./machine.ts";
import { Router, type RouterOptions, UPLINK_INDEX } from "./router.ts";
import { makeSandboxNetwork } from "./sandbox-network.ts";
import type { MachineFacts, RouterInput, RouterOutput, Wired, WiringTasks } from "./tasks.ts";

export class Wiring implements WiringTasks {
  /** Otherwise the last network made would live for as long as the thread stays there. */
  #home: number | undefined;
  #router: Router | undefined;
  #machine: Machine | undefined;

  findDroppingFirewall(): string | undefined {
    const nftables = Nftables.open();
    try {
      return findDroppingFirewall(nftables.list("ruleset") ?? "");
    } finally {
      nftables.close();
    }
  }

  openRouter({ addressRange, uplink, ...input }: RouterInput): RouterOutput {
    const plan = planAddresses(addressRange);
    const options = { ...input, plan, mtu: uplink.mtu };
    const router =
      uplink.kind === "veth"
        ? this.#routerWithPair(options, uplink.lockDirectory)
        : routerLedOut(options, uplink.namespacePath);
    this.#router = router;
    this.#home = router.namespace;
    return router.serve(input.lambdaApiPort);
  }

  wire(index: number): Wired {
    this.#home ??= makeNetworkNamespace();
    try {
      return makeSandboxNetwork(this.#router?.wayOut(index), () => this.#router?.leadIn(index));
    } finally {
      enterNetworkNamespace(this.#home);
    }
  }

  permit(index: number, group: number): void {
    this.#router?.permit(index, group);
  }

  machineChanged(facts: MachineFacts): void {
    this.#router?.denyOwn(facts.addresses);
    if (this.#machine === undefined || this.#home === undefined) return;
    this.#machine.changed(facts);
    enterNetworkNamespace(this.#home);
  }

  closeRouter(): void {
    this.#machine?.close();
    this.#router?.close();
    this.#machine = undefined;
    this.#router = undefined;
  }

  #routerWithPair(options: RouterOptions, lockDirectory: string): Router {
    const machineNetwork = openNetworkNamespace();
    const namespace = makeNetworkNamespace();
    const router = new Router(namespace, options);
    enterNetworkNamespace(machineNetwork);
    closeSync(machineNetwork);
    try {
      const { machine, uplink } = Machine.open({
        plan: options.plan,
        mtu: options.mtu,
        allowed: options.allowLists.flatMap(({ allow }) => allow),
        facts: options.machine,
        routerEnd: { name: UPLINK, index: UPLINK_INDEX, namespace },
        lockDirectory,
      });
      this.#machine = machine;
      enterNetworkNamespace(namespace);
      router.leadOut(uplink);
      return router;
    } catch (error) {
      router.close();
      throw error;
    }
  }
}

function routerLedOut(options: RouterOptions, namespacePath: string): Router {
  const namespace = openNetworkNamespace(namespacePath);
  enterNetworkNamespace(namespace);
  return new Router(namespace, options);
}
