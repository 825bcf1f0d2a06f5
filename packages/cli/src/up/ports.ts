import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { flagOf, type SettingName } from "@paddock/service-kit";
import { UserError } from "../user-error.ts";

export interface WantedPort {
  readonly setting: SettingName;
  readonly host: string;
  readonly port: number;
  /** Who is going to listen there. */
  readonly title: string;
}

function tryToListen({ host, port }: WantedPort): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

const LISTENING = "0A";

/** Inodes of the sockets that listen on the port. Source: proc(5), /proc/net/tcp. */
function listeningInodes(port: number): Set<string> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const inodes = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of readText(table).split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      const inode = fields[9];
      if (fields[1]?.endsWith(wanted) === true && fields[3] === LISTENING && inode !== undefined) {
        inodes.add(inode);
      }
    }
  }
  return inodes;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function holdsOneOf(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    // It ended, or belongs to somebody else.
    return false;
  }
}

/** `nats-server, process 123`, or undefined where nobody may know. */
export function describeListener(port: number): string | undefined {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return undefined;
  const pid = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .find((candidate) => holdsOneOf(candidate, inodes));
  return pid === undefined ? undefined : `${readText(`/proc/${pid}/comm`).trim()}, process ${pid}`;
}

function describeProblem({ setting, host, port, title }: WantedPort, code: string): string {
  const remedy = `give ${title} another one with ${flagOf(setting)}`;
  if (code === "EADDRINUSE") {
    const listener = describeListener(port);
    const who = listener === undefined ? "" : ` (${listener})`;
    return `Port ${port} is taken by another program${who}: stop it, or ${remedy}.`;
  }
  if (code === "EACCES") return `Port ${port} is not open to this user: ${remedy}.`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return `The address ${host} is not one of this machine's: change it with ${flagOf("host")}.`;
  }
  return `Nothing can listen on ${host}:${port} (${code}): ${remedy}.`;
}

/** Throws UserError with a sentence for each port that cannot be had. */
export async function checkPorts(ports: readonly WantedPort[]): Promise<void> {
  const codes = await Promise.all(ports.map(tryToListen));
  const problems = ports.flatMap((port, index) => {
    const code = codes[index];
    return code === undefined ? [] : [describeProblem(port, code)];
  });
  if (problems.length > 0) throw new UserError(problems.join("\n"));
}
