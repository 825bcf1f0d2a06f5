/** Functions that try to reach something, in three languages, and say what happened. */

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly protocol?: "tcp" | "udp";
}

export type Language = "node" | "python" | "shell";
export const languages: readonly Language[] = ["node", "python", "shell"];

/** For each target, in its order: what came back, or the name of the error. */
export function attempts(language: Language, targets: readonly Target[]): string[] {
  const all = targets.map(({ host, port, protocol = "tcp" }) => ({ host, port, protocol }));
  const text = JSON.stringify(all);
  if (language === "node") return ["/var/lang/bin/node", "-e", node, text];
  if (language === "python") return ["/usr/bin/python3", "-c", python, text];
  const words = all.map(({ host, port, protocol }) => `${protocol}/${host}/${port}`);
  return ["/bin/bash", "-c", shell, "bash", ...words];
}

const node = `
const { connect } = require("node:net");
const { createSocket } = require("node:dgram");
const tcp = (host, port) => new Promise((resolve) => {
  const socket = connect(port, host).setTimeout(3000);
  socket.on("data", (data) => resolve(String(data))).on("error", (error) => resolve(error.code));
  socket.on("timeout", () => resolve("ETIMEDOUT"));
});
const udp = (host, port) => new Promise((resolve) => {
  const socket = createSocket("udp4");
  setTimeout(() => resolve("ETIMEDOUT"), 3000);
  socket.on("message", (data) => resolve(String(data))).on("error", (error) => resolve(error.code));
  socket.on("connect", () => socket.send("echo"));
  socket.connect(port, host);
});
(async () => {
  for (const { host, port, protocol } of JSON.parse(process.argv[1])) {
    console.log(await (protocol === "udp" ? udp : tcp)(host, port));
  }
  process.exit(0);
})();
`;

const python = `
import errno, json, socket, sys
for target in json.loads(sys.argv[1]):
    where = (target["host"], target["port"])
    try:
        if target["protocol"] == "udp":
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.settimeout(3)
            s.connect(where)
            s.send(b"echo")
        else:
            s = socket.create_connection(where, 3)
        print(s.recv(100).decode())
    except socket.timeout:
        print("ETIMEDOUT")
    except OSError as error:
        print(errno.errorcode.get(error.errno, repr(error)))
`;

const shell = `
said() {
  case "$1" in
    *refused*) echo ECONNREFUSED ;;
    *route*) echo EHOSTUNREACH ;;
    *unreachable*) echo ENETUNREACH ;;
    *) echo "$1" ;;
  esac
}
udp() { timeout 3 dd bs=100 count=1 status=none <&3; }
for target in "$@"; do
  out=$( { exec 3<>"/dev/$target" && case "$target" in udp/*) printf echo >&3; udp ;; *) cat <&3 ;; esac; } 2>&1 )
  case "$out" in from*|echo*) echo "$out" ;; *) said "$out" ;; esac
done
`;
