/** Opens the networks of one worker's sandboxes, or says what is missing. */
import { SandboxError } from "../errors.ts";
import { sandboxLimits } from "../limits.ts";
import type { NetworkAccess } from "../port.ts";
import { planAddresses, SERVICE_ADDRESS } from "./address-plan.ts";
import { type Egress, type EgressOptions, openEgress } from "./egress.ts";
import { type Joining, openJoining } from "./joining.ts";
import { Places } from "./places.ts";
import { Policies } from "./policies.ts";
import { Pool } from "./pool.ts";
import type { NetworkOptions, SandboxNetworks } from "./port.ts";
import { asRefusal } from "./uplink/choose.ts";
import { WiredNetwork } from "./wired-network.ts";
import { WiringThread } from "./wiring/thread.ts";

export interface OpenNetworksOptions extends Omit<EgressOptions, "network"> {
  readonly network: NetworkOptions;
}

/** Rejects with SandboxError when the way out that was asked for cannot be had. */
export async function openNetworks(options: OpenNetworksOptions): Promise<SandboxNetworks> {
  const { network } = options;
  const thread = new WiringThread();
  try {
    if (network.kind === "closed") return new Networks(thread, sandboxLimits.sandboxes * 2);
    const plan = planAddresses(network.addressRange);
    const egress = await openEgress(thread, { ...options, network }).catch((error: unknown) => {
      throw asRefusal(error);
    });
    return new Networks(thread, plan.sandboxes, egress, new Policies(network.allowLists));
  } catch (error) {
    await thread.close();
    throw error;
  }
}

class Networks implements SandboxNetworks {
  readonly feature: string;
  readonly nameServer: string | undefined;
  readonly #thread: WiringThread;
  readonly #joining: Joining;
  readonly #egress: Egress | undefined;
  readonly #policies: Policies | undefined;
  readonly #places: Places;
  readonly #pool: Pool<WiredNetwork>;

  constructor(thread: WiringThread, places: number, egress?: Egress, policies?: Policies) {
    this.#thread = thread;
    this.#joining = openJoining();
    this.#egress = egress;
    this.#policies = policies;
    this.#places = new Places(places);
    this.feature = `network: ${egress?.feature ?? "closed"}`;
    this.nameServer = egress === undefined ? undefined : SERVICE_ADDRESS;
    this.#pool = new Pool({
      make: () => this.#make(),
      discard: (network) => network.release(),
    });
  }

  take(): Promise<WiredNetwork> {
    return this.#pool.take();
  }

  async close(): Promise<void> {
    this.#pool.close();

    await this.#egress?.close();
    await this.#thread.close();
    this.#joining.close();
  }

  /** The kernel may still be taking back what had this place before: then another one is tried. */
  async #make(attempt = 1): Promise<WiredNetwork> {
    const place = this.#places.take();
    if (place === undefined) throw new SandboxError("all addresses of sandboxes are taken");
    try {
      const wired = await this.#thread.request("wire", place);
      return new WiredNetwork({
        wired,
        joining: this.#joining,
        permit: (access) => this.#permit(place, access),
        onReleased: () => this.#places.giveBack(place),
      });
    } catch (error) {
      this.#places.giveBack(place);
      if (attempt >= sandboxLimits.networkAttempts) throw error;
      return this.#make(attempt + 1);
    }
  }

  async #permit(place: number, access: NetworkAccess): Promise<void> {
    const group = this.#policies?.groupOf(access);
    if (group !== undefined) await this.#thread.request("permit", place, group);
  }
}
