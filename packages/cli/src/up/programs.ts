import { findProgram } from "../servers/server-command.ts";
import { UserError } from "../user-error.ts";

interface NeededProgram {
  readonly program: string;
  readonly why: string;
  readonly apt: string;
  readonly dnf: string;
  /** Absent where the program exists on Linux only. */
  readonly brew?: string;
}

/** The same list as in scripts/start.mjs, which must not import anything. */
const known = {
  nats: {
    program: "nats-server",
    why: "the event bus",
    apt: "nats-server",
    dnf: "nats-server",
    brew: "nats-server",
  },
  redis: {
    program: "redis-server",
    why: "the queues",
    apt: "redis-server",
    dnf: "redis",
    brew: "redis",
  },
  bubblewrap: {
    program: "bwrap",
    why: "the functions' sandbox",
    apt: "bubblewrap",
    dnf: "bubblewrap",
  },
  nftables: {
    program: "nft",
    why: "what functions may reach",
    apt: "nftables",
    dnf: "nftables",
  },
  pasta: {
    program: "pasta",
    why: "functions' way out, without root",
    apt: "passt",
    dnf: "passt",
  },
} as const satisfies Record<string, NeededProgram>;

export type ProgramName = keyof typeof known;

/** Path of the program; throws UserError that says how to install it. */
export function requireProgram(name: ProgramName, path: string | undefined): string {
  const needed: NeededProgram = known[name];
  const found = findProgram(needed.program, path);
  if (found !== undefined) return found;
  const ways = [
    `apt-get install ${needed.apt}`,
    `dnf install ${needed.dnf}`,
    ...(needed.brew === undefined ? [] : [`brew install ${needed.brew}`]),
  ];
  throw new UserError(
    `The program ${needed.program} (${needed.why}) is missing: install it (${ways.join(", or ")}), or let \`npm start\` do it.`,
  );
}

/** What isolates needs Linux and its program; what isolates nothing has to be asked for by name. */
export function requireIsolation(isolation: string, path: string | undefined): void {
  if (isolation === "process") return;
  if (process.platform !== "linux") {
    throw new UserError(
      `Functions are isolated with ${isolation}, which needs Linux: on this machine start Paddock with --isolation process, which isolates nothing.`,
    );
  }
  if (isolation === "gvisor") requireGvisor(path);
  else requireProgram("bubblewrap", path);
}

/** No distribution's package is new enough; the worker says the rest when it tries. */
function requireGvisor(path: string | undefined): void {
  if (findProgram("runsc", path) !== undefined) return;
  throw new UserError(
    "The program runsc (gVisor, the functions' sandbox) is missing: install it as https://gvisor.dev/docs/user_guide/install/ says, or start Paddock without --isolation gvisor.",
  );
}

export interface NetworkWishes {
  readonly isolation: string;
  readonly reach: string;
  readonly uplink: string;
  readonly isRoot: boolean;
}

/** The worker finds out whether the machine allows it; here only what can be installed. */
export function requireNetwork(wishes: NetworkWishes, path: string | undefined): void {
  if (wishes.isolation === "process" || wishes.reach === "closed") return;
  requireProgram("nftables", path);
  if (!wishes.isRoot || wishes.uplink === "pasta") requireProgram("pasta", path);
}
