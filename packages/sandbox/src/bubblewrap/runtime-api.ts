/** The Runtime API's endpoint inside a sandbox, without a process there: a socket of its network. */
import { Server } from "node:net";
import { addLoopbackAddress, inNetworkNamespaceOf, listenOn } from "../kernel/network.ts";
import { sandboxLimits } from "../limits.ts";

/** Where functions on Lambda find it. */
export const runtimeApiAddress = "169.254.100.1";
export const runtimeApiPort = 9001;

/**
 * A server whose connections come from inside the sandbox of `pid`, and from nowhere else. It
 * accepts from the next turn of the event loop on.
 */
export function listenInside(pid: number): Server {
  const descriptor = inNetworkNamespaceOf(pid, () => {
    addLoopbackAddress(runtimeApiAddress);
    return listenOn(runtimeApiAddress, runtimeApiPort);
  });
  const server = new Server();
  server.maxConnections = sandboxLimits.listenerConnections;
  server.listen({ fd: descriptor });
  return server;
}

/** The address alone, for what else Lambda has there. */
export function addRuntimeApiAddress(pid: number): void {
  inNetworkNamespaceOf(pid, () => addLoopbackAddress(runtimeApiAddress));
}
