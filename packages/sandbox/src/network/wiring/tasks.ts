/** What the worker asks of its wiring thread, and what it gets back: plain data both ways. */
import type { AllowList } from "../../port.ts";
import type { Endpoint } from "../rules/router-rules.ts";

export interface WiringTasks {
  /** What would keep packets from being forwarded by this machine, and what to do about it. */
  findDroppingFirewall(): string | undefined;
  /** Makes the way out that the networks made from now on have. Before the first one, and once. */
  openRouter(input: RouterInput): RouterOutput;
  /** Makes the network of one sandbox. */
  wire(index: number): Wired;
  /** Puts a sandbox into the group of its policy. */
  permit(index: number, group: number): void;
  /** The machine's addresses or devices are others now. */
  machineChanged(machine: MachineFacts): void;
  /** Takes back what was done to the machine, which the end of the process does not. */
  closeRouter(): void;
}

export interface RouterInput {
  readonly uplink: UplinkInput;
  readonly addressRange: string;
  readonly allowLists: readonly AllowList[];
  readonly ours: readonly Endpoint[];
  readonly lambdaApiPort: number | undefined;
  readonly machine: MachineFacts;
}

export type UplinkInput =
  /** A pair of devices between a new network and the machine's. */
  | { readonly kind: "veth"; readonly mtu: number; readonly lockDirectory: string }
  /** A network that something else has led out, by a device called `uplink`. */
  | { readonly kind: "led-out"; readonly mtu: number; readonly namespacePath: string };

export interface MachineFacts {
  readonly addresses: readonly string[];
  /** Devices with an address. */
  readonly devices: readonly string[];
}

/** Descriptors of sockets at the service address: whoever gets them closes them. */
export interface RouterOutput {
  readonly lookupDatagrams: number;
  readonly lookupStreams: number;
  readonly lambdaApi: number | undefined;
}

/** Descriptors of the process: whoever gets them closes them. */
export interface Wired {
  readonly namespace: number;
  /** A socket bound to the Runtime API's place in there. */
  readonly listener: number;
}

export interface TaskMessage {
  readonly id: number;
  readonly name: keyof WiringTasks;
  readonly input: readonly unknown[];
}

export interface TaskResult {
  readonly id: number;
  readonly output?: unknown;
  readonly error?: string;
}
