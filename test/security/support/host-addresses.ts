/** What the test host has besides loopback, all on its loopback device: stand-ins listen there. */
export const hostAddresses = {
  /** Where clouds hand out credentials to whoever asks from a machine. */
  metadata: "169.254.169.254/32",
  /** Where containers on AWS get theirs. */
  containerCredentials: "169.254.170.2/32",
  metadataV6: "fd00:ec2::254/128",
  privateTen: "10.11.12.13/32",
  privateTwelve: "172.16.17.18/32",
  privateSixteen: "192.168.19.20/32",
  sharedSpace: "100.64.65.66/32",
  public: "203.0.113.7/32",
} as const;

/** The addresses alone. */
export const addresses: readonly string[] = Object.values(hostAddresses).map(
  (address) => address.split("/")[0] ?? "",
);
