/**
 * The network between sandboxes and the way out: a namespace of the worker's own, with the rules that
 * every packet passes. Nothing of it is in the machine's network, and it ends with the process.
 */
import { closeSync } from "node:fs";
import { SandboxError } from "../../errors.ts";
import { addAddress, addRoute, bringUp, LOOPBACK, putIntoGroup } from "../../kernel/links.ts";
import { NetlinkSocket } from "../../kernel/netlink.ts";
import { bindTcp, bindUdp } from "../../kernel/network.ts";
import { Nftables } from "../../kernel/nftables.ts";
import { type AddressPlan, SERVICE_ADDRESS, type UplinkPlan } from "../address-plan.ts";
import { Policies } from "../policies.ts";
import { ownAddressRules, routerRules } from "../rules/router-rules.ts";
import type { WayOut } from "./sandbox-network.ts";
import { setSwitch, setSwitchIfThere } from "./system-switches.ts";
import type { RouterInput, RouterOutput } from "./tasks.ts";

const DNS_PORT = 53;
/** Numbers of the sandboxes' devices: known without asking for them. */
const FIRST_INDEX = 1000;
export const UPLINK_INDEX = 2;

export interface RouterOptions extends Omit<RouterInput, "uplink" | "addressRange"> {
  readonly plan: AddressPlan;
  readonly mtu: number;
}

export class Router {
  /** Descriptor of the router's network. */
  readonly namespace: number;
  readonly #links: NetlinkSocket;
  readonly #nftables: Nftables;
  readonly #plan: AddressPlan;
  readonly #mtu: number;

  /** Call while the thread is in the network that becomes the router. */
  constructor(namespace: number, { mtu, plan, ...input }: RouterOptions) {
    this.namespace = namespace;
    this.#plan = plan;
    this.#mtu = mtu;
    this.#links = NetlinkSocket.open();
    this.#nftables = Nftables.open();
    setSwitchIfThere("ipv6/conf/all/disable_ipv6", "1");
    setSwitchIfThere("ipv6/conf/default/disable_ipv6", "1");
    // Refusals are meant to be heard at once, however many there are.
    setSwitch("ipv4/icmp_ratelimit", "0");
    const { allowLists, lambdaApiPort, machine, ours } = input;
    const policies = new Policies(allowLists);
    const rules = routerRules({ policies, ours, lambdaApiPort });
    this.#nftables.run("make the router's rules", rules + ownAddressRules(machine.addresses));
    // Only now: nothing passes without rules.
    setSwitch("ipv4/ip_forward", "1");
    this.#links.run(bringUp(LOOPBACK), addAddress(LOOPBACK, SERVICE_ADDRESS, 32));
  }

  /** Where the uplink is a device of ours, without an address as yet. */
  leadOut(uplink: UplinkPlan): void {
    this.#links.run(
      bringUp(UPLINK_INDEX),
      addAddress(UPLINK_INDEX, uplink.router, uplink.prefix),
      addRoute("0.0.0.0", 0, UPLINK_INDEX),
    );
  }

  serve(lambdaApiPort: number | undefined): RouterOutput {
    return {
      lookupDatagrams: bindUdp(SERVICE_ADDRESS, DNS_PORT),
      lookupStreams: bindTcp(SERVICE_ADDRESS, DNS_PORT),
      lambdaApi: lambdaApiPort === undefined ? undefined : bindTcp(SERVICE_ADDRESS, lambdaApiPort),
    };
  }

  /** What the network of a sandbox is joined to. */
  wayOut(index: number): WayOut {
    if (index >= this.#plan.sandboxes) throw new SandboxError(`no address ${String(index)}`);
    const end = { name: `s${String(index)}`, index: FIRST_INDEX + index };
    return {
      address: this.#plan.sandbox(index),
      router: { ...end, namespace: this.namespace },
      mtu: this.#mtu,
    };
  }

  /** Answers find the sandbox only now that its device is there. */
  leadIn(index: number): void {
    const device = FIRST_INDEX + index;
    this.#links.run(bringUp(device), addRoute(this.#plan.sandbox(index), 32, device));
  }

  permit(index: number, group: number): void {
    this.#links.run(putIntoGroup(FIRST_INDEX + index, group));
  }

  denyOwn(addresses: readonly string[]): void {
    this.#nftables.run("deny the machine's addresses", ownAddressRules(addresses));
  }

  close(): void {
    this.#nftables.close();
    this.#links.close();
    closeSync(this.namespace);
  }
}
