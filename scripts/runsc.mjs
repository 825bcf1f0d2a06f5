// gVisor's program `runsc` for tests: distributions have none that is new enough, so that Go builds it,
// once for this machine, below a cache directory. Absent, tests of gVisor are left out.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Of gVisor's branch `go`; packages/sandbox/src/gvisor/check.ts names the same to users. */
export const runscVersion = "v0.0.0-20260905035102-160fafc42237";
const BUILD_TIMEOUT_MS = 10 * 60_000;

// Root's tests run as other users too, who may not look into root's home.
const cache =
  process.getuid?.() === 0 ? "/var/cache" : process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
const directory = join(cache, "paddock", `runsc-${runscVersion}`);

/** Makes a program that was built before findable for everything that this process starts. */
export function useBuiltRunsc() {
  if (existsSync(join(directory, "runsc"))) {
    process.env.PATH = `${directory}${delimiter}${process.env.PATH}`;
  }
}

function build() {
  if (existsSync(join(directory, "runsc"))) return;
  if (spawnSync("go", ["version"]).error !== undefined) {
    console.log("runsc (gVisor) is not built: there is no Go here; tests of gVisor are left out");
    return;
  }
  console.log(`building: runsc (gVisor ${runscVersion})`);
  const unfinished = `${directory}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  // Static, because runsc executes itself in a root without libraries.
  const environment = { ...process.env, CGO_ENABLED: "0", GOBIN: unfinished, GOFLAGS: "" };
  const program = `gvisor.dev/gvisor/runsc@${runscVersion}`;
  const built = spawnSync("go", ["install", "-trimpath", "-ldflags=-s -w", program], {
    env: environment,
    stdio: ["ignore", "ignore", "inherit"],
    timeout: BUILD_TIMEOUT_MS,
  });
  // A build that ran at the same time may have been first.
  if (built.status === 0 && !existsSync(directory)) renameSync(unfinished, directory);
  else rmSync(unfinished, { recursive: true, force: true });
  if (built.status !== 0) console.log("runsc was not built; tests of gVisor are left out");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build();
