/** Leads a worker's networks out: the uplink, the router with its rules, and the service address. */
import { planAddresses } from "./address-plan.ts";
import { addressesOf, outwardMtu, readMachineFacts, watchMachine } from "./machine-facts.ts";
import type { EgressNetwork } from "./port.ts";
import { type Relay, startRelay } from "./relay/relay.ts";
import { chooseUplink } from "./uplink/choose.ts";
import { type Pasta, PASTA_MTU, startPasta } from "./uplink/pasta.ts";
import type { RouterOutput, UplinkInput } from "./wiring/tasks.ts";
import type { WiringThread } from "./wiring/thread.ts";

export interface EgressOptions {
  readonly network: EgressNetwork;
  readonly isRoot: boolean;
  /** Shared by all workers of the machine. */
  readonly lockDirectory: string;
  /** Host user for a program of ours; undefined: the worker's own. */
  readonly takeIdentity: () => number | undefined;
}

export interface Egress {
  /** Such as `egress by pasta`. */
  readonly feature: string;
  close(): Promise<void>;
}

interface Uplink {
  readonly feature: string;
  readonly input: UplinkInput;
  readonly pasta?: Pasta;
}

export async function openEgress(thread: WiringThread, options: EgressOptions): Promise<Egress> {
  const uplink = await openUplink(thread, options);
  try {
    const { addressRange, allowLists, lambdaApi, ours } = options.network;
    const sockets = await thread.request("openRouter", {
      uplink: uplink.input,
      addressRange,
      allowLists,
      ours: await addressesOf(ours),
      lambdaApiPort: lambdaApi?.port,
      machine: readMachineFacts(),
    });
    const relay = serve(sockets, options.network);
    const stopWatching = watchMachine((facts) => void thread.request("machineChanged", facts));
    return {
      feature: uplink.feature,
      close: async () => {
        stopWatching();
        await relay.close();
        await thread.request("closeRouter");
        await uplink.pasta?.close();
      },
    };
  } catch (error) {
    await uplink.pasta?.close();
    throw error;
  }
}

async function openUplink(
  thread: WiringThread,
  { isRoot, lockDirectory, network, takeIdentity }: EgressOptions,
): Promise<Uplink> {
  const chosen = await chooseUplink({
    choice: network.uplink,
    isRoot,
    findDroppingFirewall: () => thread.request("findDroppingFirewall"),
  });
  if (chosen.kind === "veth") {
    const input = { kind: "veth", mtu: outwardMtu(), lockDirectory } as const;
    return { feature: "egress by veth and nftables", input };
  }
  const plan = planAddresses(network.addressRange).uplink(0);
  const pasta = await startPasta({
    program: chosen.program,
    uplink: plan,
    identity: takeIdentity(),
  });
  const { namespacePath } = pasta;
  const input = { kind: "led-out", mtu: PASTA_MTU, namespacePath } as const;
  return { feature: "egress by pasta", input, pasta };
}

function serve(sockets: RouterOutput, { lambdaApi, nameServers }: EgressNetwork): Relay {
  const { lookupDatagrams, lookupStreams } = sockets;
  const api =
    lambdaApi === undefined || sockets.lambdaApi === undefined
      ? {}
      : { lambdaApi: { descriptor: sockets.lambdaApi, target: lambdaApi } };
  return startRelay({ lookupDatagrams, lookupStreams, nameServers, ...api });
}
