/**
 * Where no function may go unless its allow-list says so: networks that are somebody's own, and the
 * addresses from which clouds tell a machine its secrets. Source: IANA's registry of special-purpose
 * addresses (RFC 6890) and the clouds' documentation.
 *
 * The documentation ranges (192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24) are not in it: they lead
 * nowhere, and stand for the outside in tests.
 */

export interface DeniedRange {
  readonly cidr: string;
  readonly reason: string;
}

export const deniedRanges: readonly DeniedRange[] = [
  { cidr: "0.0.0.0/8", reason: "this network" },
  { cidr: "10.0.0.0/8", reason: "private" },
  { cidr: "100.64.0.0/10", reason: "carrier-grade NAT, and the metadata of Alibaba Cloud" },
  { cidr: "127.0.0.0/8", reason: "loopback" },
  { cidr: "168.63.129.16/32", reason: "the host of an Azure machine" },
  { cidr: "169.254.0.0/16", reason: "link-local: metadata of most clouds, and sandboxes" },
  { cidr: "172.16.0.0/12", reason: "private" },
  { cidr: "192.0.0.0/24", reason: "protocol assignments, and the metadata of Oracle Cloud" },
  { cidr: "192.88.99.0/24", reason: "relays to IPv6" },
  { cidr: "192.168.0.0/16", reason: "private" },
  { cidr: "198.18.0.0/15", reason: "benchmarks of network devices" },
  { cidr: "224.0.0.0/4", reason: "multicast" },
  { cidr: "240.0.0.0/4", reason: "reserved, and broadcast" },
];

/** As on Lambda, against mail that nobody wants. */
export const deniedTcpPorts: readonly number[] = [25];
