// `npm start`: brings the machine into shape and runs `paddock up` in the foreground. Needs nothing
// but Node 20. `npm start -- --port 5000` passes the arguments on.
//
// Installed when missing and when it may: the repository's packages (npm ci), and redis-server,
// nats-server, bubblewrap, nftables, passt and e2fsprogs (apt, as root or with sudo that asks for no
// password). Otherwise it says what to install and ends.
import { spawn, spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildDashboard, isDashboardCurrent } from "./build-dashboard.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const OLDEST_NODE_MAJOR = 20;
const INSTALL_TIMEOUT_MS = 10 * 60_000;

// The same list as in packages/cli/src/up/programs.ts.
const programs = [
  {
    program: "redis-server",
    setting: "redis-url",
    apt: "redis-server",
    dnf: "redis",
    brew: "redis",
  },
  {
    program: "nats-server",
    setting: "nats-url",
    apt: "nats-server",
    dnf: "nats-server",
    brew: "nats-server",
  },
  { program: "bwrap", linuxOnly: true, apt: "bubblewrap", dnf: "bubblewrap" },
  // What functions reach: nftables says it; root leads them out by itself, others need pasta.
  { program: "nft", network: true, linuxOnly: true, apt: "nftables", dnf: "nftables" },
  { program: "pasta", network: true, linuxOnly: true, apt: "passt", dnf: "passt" },
  // Only root can keep functions' /tmp on disk.
  { program: "mkfs.ext4", linuxOnly: true, rootOnly: true, apt: "e2fsprogs", dnf: "e2fsprogs" },
];

function fail(message) {
  console.error(`paddock: ${message}`);
  process.exit(1);
}

function find(program) {
  const directories = (process.env.PATH ?? "/usr/bin:/bin").split(delimiter);
  // Debian keeps servers in sbin, which an ordinary user's PATH leaves out.
  const all = [...directories, "/usr/local/sbin", "/usr/sbin", "/sbin", "/opt/homebrew/bin"];
  for (const candidate of all.filter(Boolean).map((directory) => join(directory, program))) {
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this directory.
    }
  }
  return undefined;
}

/** True when the command ended with 0; its output goes to the terminal. */
function run(command, args, environment = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    timeout: INSTALL_TIMEOUT_MS,
    env: { ...process.env, ...environment },
  });
  return result.status === 0;
}

function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= OLDEST_NODE_MAJOR) return;
  fail(`Node ${process.versions.node} is too old: install Node ${OLDEST_NODE_MAJOR} or newer.`);
}

function checkPlatform() {
  if (process.platform === "linux" || process.platform === "darwin") return;
  fail(
    `Paddock runs on Linux, and on macOS without isolation; this is ${process.platform}. On Windows use WSL 2.`,
  );
}

/** The repository's own Node 24, wherever npm has put it. */
function findOwnNode() {
  const candidates = ["node/bin/node", "node/bin/node.exe", ".bin/node"];
  return candidates
    .map((path) => join(root, "node_modules", path))
    .find((path) => {
      if (!existsSync(path)) return false;
      const answer = spawnSync(path, ["--version"], { encoding: "utf8" });
      return answer.status === 0 && answer.stdout.startsWith("v24.");
    });
}

/**
 * npm writes node_modules/.package-lock.json at the end of every installation. If it is older than
 * package-lock.json (which a git checkout touches too), the versions in both decide.
 */
function arePackagesCurrent() {
  const installed = join(root, "node_modules", ".package-lock.json");
  const wanted = join(root, "package-lock.json");
  if (!existsSync(installed)) return false;
  if (statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return true;
  const present = JSON.parse(readFileSync(installed, "utf8")).packages;
  const needed = Object.entries(JSON.parse(readFileSync(wanted, "utf8")).packages);
  return needed.every(([path, { version, link, optional }]) => {
    if (!path.includes("node_modules/") || link) return true;
    const found = present[path];
    return found === undefined ? optional === true : found.version === version;
  });
}

function installPackages() {
  if (arePackagesCurrent() && findOwnNode() !== undefined) return;
  console.log("  Installing the repository's packages (npm ci) …");
  if (run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"])) return;
  fail("`npm ci` failed, see above: the machine needs access to the npm registry once.");
}

/** How to call apt: directly as root, through sudo where it asks for no password. */
function aptCommand() {
  if (find("apt-get") === undefined) return undefined;
  if (process.getuid?.() === 0) return [];
  const sudo = find("sudo");
  if (sudo === undefined) return undefined;
  const may = spawnSync(sudo, ["-n", "true"], { stdio: "ignore" }).status === 0;
  return may ? [sudo, "-n"] : undefined;
}

/**
 * Debian starts a packaged server as soon as it is installed, which would take Redis's own port and
 * run beside ours. A policy-rc.d that answers 101 forbids that, for the time of this installation
 * and for these packages only: a server that was there before keeps running. If the machine has
 * such a policy already (containers do), that one stays.
 */
function aptInstall(prefix, packages) {
  const directory = mkdtempSync(join(tmpdir(), "paddock-start-"));
  const script = join(directory, "install.sh");
  writeFileSync(
    script,
    `#!/bin/sh
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy"
fi
had() { dpkg-query -W -f '\${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }
fresh=
for server in redis-server nats-server; do had "$server" || fresh="$fresh $server.service"; done
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq || exit 1
apt-get install -y -qq --no-install-recommends "$@" >/dev/null || exit 1
# Nor shall they start at the next boot. A server that was there before is not ours to touch.
if command -v systemctl >/dev/null; then
  for unit in $fresh; do systemctl disable "$unit" >/dev/null 2>&1; done
fi
exit 0
`,
    { mode: 0o755 },
  );
  try {
    const [command, ...args] = [...prefix, "sh", script, ...packages];
    return run(command, args);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A setting names a server of the user's own, or another isolation: then the program is not needed. */
function isUnneeded({ program, network, setting, linuxOnly, rootOnly }) {
  const args = process.argv.slice(2).join(" ");
  if (linuxOnly && process.platform !== "linux") return true;
  if (rootOnly && process.getuid?.() !== 0) return true;
  if (setting === undefined) {
    if (asksFor("isolation", "process")) return true;
    if (program === "bwrap") return asksFor("isolation", "gvisor");
    if (network && asksFor("sandbox-network", "closed")) return true;
    const isRoot = process.getuid?.() === 0;
    return program === "pasta" && isRoot && !asksFor("sandbox-uplink", "pasta");
  }
  const variable = `PADDOCK_${setting.toUpperCase().replaceAll("-", "_")}`;
  return args.includes(`--${setting}`) || Boolean(process.env[variable]);
}

/** By a flag or a variable; what paddock.config.json says is known later, and installs nothing. */
function asksFor(setting, value) {
  const variable = `PADDOCK_${setting.toUpperCase().replaceAll("-", "_")}`;
  const flag = new RegExp(`--${setting}[ =]${value}( |$)`);
  return flag.test(process.argv.slice(2).join(" ")) || process.env[variable] === value;
}

function listMissing() {
  return programs.filter((entry) => !isUnneeded(entry) && find(entry.program) === undefined);
}

function installPrograms() {
  const missing = listMissing();
  if (missing.length === 0) return;
  const names = missing.map(({ program }) => program).join(", ");
  const prefix = process.platform === "linux" ? aptCommand() : undefined;
  if (prefix !== undefined) {
    console.log(`  Installing ${names} (apt-get) …`);
    if (
      aptInstall(
        prefix,
        missing.map(({ apt }) => apt),
      ) &&
      listMissing().length === 0
    )
      return;
  }
  const packagesFor = (manager) => missing.map((entry) => entry[manager]).join(" ");
  const ways =
    process.platform === "darwin"
      ? [`brew install ${packagesFor("brew")}`]
      : [
          `Debian, Ubuntu: sudo apt-get install --no-install-recommends ${packagesFor("apt")}`,
          `Fedora: sudo dnf install ${packagesFor("dnf")}`,
          ...(missing.every(({ brew }) => brew)
            ? [`Homebrew: brew install ${packagesFor("brew")}`]
            : []),
        ];
  const which =
    prefix === undefined ? "cannot be installed by this user" : "could not be installed";
  fail(`${names} missing and ${which}. Install, then start again:\n  ${ways.join("\n  ")}`);
}

/** Everything else works without it: a build that fails is said, and does not end the start. */
function ensureDashboard() {
  const node = findOwnNode();
  if (node === undefined || isDashboardCurrent()) return;
  console.log("  Building the dashboard …");
  if (!buildDashboard(node)) console.error("paddock: the dashboard could not be built, see above.");
}

/** Replaces this process where Node can do that, so that it takes no memory beside the stack. */
function runUp() {
  const node = findOwnNode();
  if (node === undefined) {
    fail("the npm package `node` did not bring Node 24: run `npm ci` and start again.");
  }
  const args = [join(root, "packages", "cli", "src", "main.ts"), "up", ...process.argv.slice(2)];
  const environment = { NODE_COMPILE_CACHE: compileCache(), ...process.env };
  if (process.execve !== undefined) process.execve(node, [node, ...args], environment);
  const child = spawn(node, args, {
    // The channel tells the stack when this process is gone, however it ended.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: environment,
  });
  // Passed on, because a signal may have been meant for this process alone. `paddock up` knows an
  // interrupt that it is sent twice within the same moment for one.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(error.message));
  child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
}

function compileCache() {
  const directory = join(root, "node_modules", ".cache", "paddock", "compile");
  try {
    mkdirSync(directory, { recursive: true });
  } catch {
    // Not ours to write: everything only starts a little slower.
  }
  return directory;
}

checkNode();
checkPlatform();
installPackages();
installPrograms();
ensureDashboard();
runUp();
