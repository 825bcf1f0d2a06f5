// Builds services/dashboard/dist, which control serves, unless it is newer than what it is made of.
// Needs nothing but Node 20 and the installed packages. `npm start` imports it; run as a program, it
// builds with the Node that runs it.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dashboard = join(root, "services", "dashboard");
const built = join(dashboard, "dist");
const BUILD_TIMEOUT_MS = 2 * 60_000;

/** What vite reads: the dashboard's own files and the contracts that it shares with control. */
const sources = [
  ...["src", "index.html", "vite.config.ts", "package.json"].map((name) => join(dashboard, name)),
  join(root, "packages", "contracts", "src"),
];

function newestMs(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  const children = readdirSync(path).map((name) => newestMs(join(path, name)));
  return Math.max(status.mtimeMs, ...children);
}

export function isDashboardCurrent() {
  const index = join(built, "index.html");
  return existsSync(index) && statSync(index).mtimeMs >= Math.max(...sources.map(newestMs));
}

/** `node`: a Node that vite runs on. True when there is a current build afterwards. */
export function buildDashboard(node) {
  // Complete or not there: control may be serving the old one, and a build may be interrupted.
  const fresh = join(root, "node_modules", ".cache", "paddock", `dashboard-${process.pid}`);
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const args = ["build", dashboard, "--outDir", fresh, "--emptyOutDir", "--logLevel", "warn"];
  try {
    const { status } = spawnSync(node, [vite, ...args], {
      cwd: dashboard,
      stdio: ["ignore", "inherit", "inherit"],
      timeout: BUILD_TIMEOUT_MS,
    });
    if (status !== 0) return false;
    rmSync(built, { recursive: true, force: true });
    renameSync(fresh, built);
    return true;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !isDashboardCurrent()) {
  process.exitCode = buildDashboard(process.execPath) ? 0 : 1;
}
