/** Where functions on Lambda find the Runtime API: an address of each sandbox's loopback device. */
export const runtimeApi = { address: "169.254.100.1", port: 9001 } as const;
