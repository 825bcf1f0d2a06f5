/**
 * What one program that isolates does its own way. Everything else about a confined sandbox is the
 * same for all of them: control groups, host users, the slot that code is shown in, the network, and
 * that nothing of it stays behind.
 */
import type { ControlGroup } from "../control-groups/port.ts";
import type { HostDirectory, Slot, SlotLayout } from "../host/directory.ts";
import type { SandboxNetwork } from "../network/port.ts";
import type { Isolation, SandboxOptions } from "../port.ts";
import type { Launched } from "./launched.ts";
import type { SystemDirectory } from "./system-directories.ts";

export interface Engine {
  readonly isolation: Isolation;
  /** For the start-up message. */
  readonly features: readonly string[];
  readonly own: OwnNeeds;
  readonly slotLayout: SlotLayout;
  /**
   * Starts the program in the place's group, where it waits until it is released. Rejects with what
   * the program said when it cannot; whatever it put below the slot is removed with the slot.
   */
  launch(options: SandboxOptions, place: Place): Promise<Launched>;
  /**
   * Shows another mount at /tmp of a sandbox that runs; `init` is a descriptor of its process.
   * Absent where that cannot be done.
   */
  readonly replaceScratch?: (init: number, mount: number) => void;
}

/** What the isolation itself takes up in the sandbox's control group, on top of the function's. */
export interface OwnNeeds {
  readonly memoryMb: number;
  readonly processes: number;
  /** How many processes and threads of the host one of the function's takes. */
  readonly tasksPerProcess: number;
}

/** What a sandbox has on the host before its program runs. */
export interface Place {
  readonly host: HostDirectory;
  readonly slot: Slot;
  readonly group: ControlGroup;
  /** What the program has to be started in, or to join. */
  readonly network: SandboxNetwork;
  /** Where the scratch is mounted, below the host directory, until `Launched.mounted`. */
  readonly scratch: string;
  /** Host user and group of the sandbox; undefined: the worker's own. */
  readonly identity: number | undefined;
  readonly systemDirectories: readonly SystemDirectory[];
}
