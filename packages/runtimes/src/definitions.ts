/**
 * The runtimes that this machine offers. Binaries outside the system directories are shown at
 * /var/lang, the bootstraps at /var/runtime, as on Lambda.
 */
import { discoverNodeRuntimes } from "./discover-node.ts";
import { discoverPythonRuntimes } from "./discover-python.ts";
import type { RuntimeDefinition } from "./port.ts";

/**
 * What is not installed is left out. Each Python is started once to ask for its version; it is
 * looked for in /usr/bin, /usr/local/bin, ~/.pyenv/versions and `searchPath` (as in PATH).
 */
export async function discoverRuntimes(
  options: { readonly searchPath?: string } = {},
): Promise<readonly RuntimeDefinition[]> {
  const python = await discoverPythonRuntimes(options.searchPath ?? "");
  return [...discoverNodeRuntimes(), ...python, ...providedRuntimes];
}

/**
 * The command is the usual place of the `bootstrap`; `findBootstrap` says which it is for given
 * code. No interpreter, no bootstrap of ours: the process speaks the HTTP Runtime API.
 */
const providedRuntimes = ["provided.al2023", "provided.al2"].map((identifier) => ({
  identifier,
  transport: "listener" as const,
  command: ["/var/task/bootstrap"],
  binds: [],
  environment: {
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PATH: "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    LD_LIBRARY_PATH:
      "/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
    LAMBDA_TASK_ROOT: "/var/task",
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    AWS_LAMBDA_RUNTIME_API: "169.254.100.1:9001",
  },
  runtimeVersion: `${identifier.replace(".", ":")}.v1`,
  preBootable: false,
}));

/**
 * Whether the function's own variables must be there when its process starts, because the
 * interpreter reads them only once: then a process that was booted ahead cannot be used.
 */
export function needsOwnBoot(userEnvironment: Readonly<Record<string, string>>): boolean {
  return Object.keys(userEnvironment).some(
    (name) =>
      bootVariables.has(name) ||
      (!lateVariables.has(name) && bootVariablePrefixes.some((prefix) => name.startsWith(prefix))),
  );
}

const bootVariables = new Set([
  "AWS_LAMBDA_EXEC_WRAPPER",
  "GLIBC_TUNABLES",
  "LANG",
  "LD_LIBRARY_PATH",
  "LD_PRELOAD",
  "OPENSSL_CONF",
  "SSL_CERT_DIR",
  "SSL_CERT_FILE",
  "UV_THREADPOOL_SIZE",
]);
/** Node.js, its libraries or our bootstrap look at these when they are needed. */
const lateVariables = new Set(["NODE_ENV", "NODE_PATH", "NODE_TLS_REJECT_UNAUTHORIZED"]);
const bootVariablePrefixes = ["LC_", "MALLOC_", "NODE_", "PYTHON"];
