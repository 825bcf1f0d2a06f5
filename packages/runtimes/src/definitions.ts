/**
 * The runtimes that this machine offers. Binaries outside the system directories are shown at
 * /var/lang, the bootstraps at /var/runtime, as on Lambda.
 */
import { discoverNodeRuntimes } from "./discover-node.ts";
import { type DiscoverPythonOptions, discoverPythonRuntimes } from "./discover-python.ts";
import type { RuntimeDefinition } from "./port.ts";

/**
 * What is not installed is left out. Each Python is started once to ask for its version; it is
 * looked for in /usr/bin, /usr/local/bin, ~/.pyenv/versions and `searchPath` (as in PATH).
 */
export async function discoverRuntimes(
  options: DiscoverPythonOptions = {},
): Promise<readonly RuntimeDefinition[]> {
  const python = await discoverPythonRuntimes(options);
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
  return Object.entries(userEnvironment).some(([name, value]) => {
    const canBeLate = lateVariables.get(name);
    if (canBeLate !== undefined) return !canBeLate(value);
    return bootVariables.has(name) || bootPrefixes.some((prefix) => name.startsWith(prefix));
  });
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
const bootPrefixes = ["LC_", "MALLOC_", "NODE_", "PYTHON"];

const always = (): boolean => true;
const isAbsolute = (folder: string): boolean => folder.startsWith("/");

/**
 * Variables that the prefixes would catch and that make no difference at the start, for these
 * values: they are read when they are needed, say what is so anyway, or our bootstraps do what they
 * say (environment.cjs, handlers.py).
 */
const lateVariables = new Map<string, (value: string) => boolean>([
  ["NODE_ENV", always],
  ["NODE_OPTIONS", (value) => ["", "--enable-source-maps"].includes(value.trim())],
  ["NODE_PATH", always],
  ["NODE_TLS_REJECT_UNAUTHORIZED", always],
  ["PYTHONDONTWRITEBYTECODE", always],
  ["PYTHONPATH", (value) => value.split(":").filter(Boolean).every(isAbsolute)],
  ["PYTHONUNBUFFERED", always],
]);
