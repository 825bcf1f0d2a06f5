/** The command line of one sandbox, from the worker's spawn to runsc. Pure. */
import { descriptors } from "../confined/launched.ts";
import { insideUser } from "../host/synthetic-etc.ts";

export interface GvisorPrograms {
  readonly runsc: string;
  readonly prlimit: string;
  readonly unshare: string;
  readonly setpriv: string;
}

export interface GvisorLayout {
  readonly programs: GvisorPrograms;
  /** Directory of the OCI configuration. */
  readonly bundle: string;
  readonly hasChannel: boolean;
}

/** runsc says nothing before it has started the command: the gate speaks and waits in its place. */
export function gvisorCommand({ programs, bundle, hasChannel }: GvisorLayout): string[] {
  return [
    // Not 0: see bubblewrap/launch.ts.
    ...[programs.prlimit, "--core=1:1"],
    ...[programs.unshare, ...namespaces, "--"],
    // Set only now: the kernel forgets it when a process gets other rights.
    ...[programs.setpriv, "--pdeathsig", "KILL", "--"],
    ...["/bin/sh", "-c", gate, "gate"],
    ...[programs.runsc, ...settings, "run", `--bundle=${bundle}`],
    ...(hasChannel
      ? [`--pass-fd=${String(descriptors.channel)}:${String(descriptors.channel)}`]
      : []),
    "sandbox",
  ];
}

const { block, status } = descriptors;

/**
 * Without a worker the byte never comes, and the read fails. The rest of the shell's life is to
 * become runsc, under the process id that was told.
 */
const gate = [
  `printf '{ "child-pid": %s }' $$ >&${String(status)}`,
  `read -r _ <&${String(block)} || exit 1`,
  `exec ${String(status)}>&- ${String(block)}<&-`,
  'exec "$@"',
].join("; ");

/** runsc runs as nobody of the host: its rights are those in a user namespace of its own. */
const id = String(insideUser.id);
const namespaces = ["--user", "--map-user", id, "--map-group", id, "--keep-caps"];

const settings = [
  // The working directory, because the path of a socket in it has to be short.
  "--root=/proc/self/cwd",
  "--platform=systrap",
  // "host" is whatever network runsc was started in: here the sandbox's.
  "--network=host",
  "--net-raw=false",
  // The worker's control groups hold all of runsc.
  "--ignore-cgroups",
  // Code that is mounted later is to be seen, which a cached or copied view of the files hides.
  "--file-access=shared",
  "--overlay2=none",
  // No advice about the machine among what the function prints.
  "--host-settings=ignore",
];
