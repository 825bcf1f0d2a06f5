/**
 * The name under which a worker keeps directories and control groups:
 * `<workerId>.<pid namespace>.<pid>.<start time>`. From it alone any later worker of the machine
 * can tell whether the owner still lives, and so which leftovers are nobody's.
 */
import { SandboxError } from "../errors.ts";
import { pidNamespace, startTimeOf } from "../kernel/processes.ts";

/** As workerIdSchema of the contracts. A dot, which separates the parts of a name, is not in it. */
const workerIdPattern = /^[a-zA-Z0-9-]{1,64}$/;
const namePattern = /^([a-zA-Z0-9-]{1,64})\.([0-9]+)\.([0-9]+)\.([0-9]+)$/;

export function workerName(workerId: string): string {
  if (!workerIdPattern.test(workerId)) {
    throw new SandboxError(`worker id ${JSON.stringify(workerId)}: 1–64 of a–z, A–Z, 0–9 and -`);
  }
  return [workerId, pidNamespace(), process.pid, startTimeOf(process.pid) ?? "0"].join(".");
}

export function workerIdOf(name: string): string | undefined {
  return namePattern.exec(name)?.[1];
}

/** True when `name` is ours by its shape and its process is gone. Unsure means false. */
export function isDeadWorker(name: string): boolean {
  const match = namePattern.exec(name);
  if (match === null) {
    return false;
  }
  const [, , namespace, pid, startTime] = match;
  // Process ids of another container cannot be looked up here.
  return namespace === pidNamespace() && startTimeOf(Number(pid)) !== startTime;
}
