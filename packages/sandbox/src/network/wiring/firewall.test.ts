import { describe, expect, it } from "vitest";
import { findDroppingFirewall } from "./firewall.ts";

/** As `nft list ruleset` prints it. */
const table = (name: string, chain: string, ...lines: string[]): string =>
  `table ${name} {\n\tset other {\n\t\ttype ipv4_addr\n\t}\n\n\tchain ${chain} {\n${lines.map((line) => `\t\t${line}\n`).join("")}\t}\n}\n`;
const hook = (policy: string, name = "forward"): string =>
  `type filter hook ${name} priority filter; policy ${policy};`;

describe("a machine's firewall", () => {
  it("drops what is forwarded where that is its policy, as Docker's is", () => {
    const ruleset =
      table("ip nat", "x", hook("drop", "input")) +
      table("ip filter", "FORWARD", hook("drop"), "counter packets 1 bytes 60 jump DOCKER-USER");
    expect(findDroppingFirewall(ruleset)).toContain("chain FORWARD of table ip filter");
    expect(findDroppingFirewall(ruleset)).toContain("nft insert rule ip filter FORWARD iifname");
  });

  it("drops it where the last rule refuses everything, as firewalld's does", () => {
    const rules = [
      "ct state { established, related } accept",
      "jump zones",
      "reject with icmpx admin-prohibited",
    ];
    const ruleset = table("inet firewalld", "filter_FORWARD", hook("accept"), ...rules);
    expect(findDroppingFirewall(ruleset)).toContain("filter_FORWARD");
    expect(
      findDroppingFirewall(ruleset.replace("\t\treject with", "\t\ttcp dport 25 reject with")),
    ).toBeUndefined();
  });

  it("does not drop it where it only looks after other packets, or is one of ours", () => {
    const ruleset =
      table("inet filter", "input", hook("drop", "input"), "drop") +
      table("inet filter", "forward", hook("accept")) +
      table("ip6 filter", "FORWARD", hook("drop")) +
      table("inet paddock_forwarding", "forward", hook("accept"), "drop");
    expect(findDroppingFirewall(ruleset)).toBeUndefined();
    expect(findDroppingFirewall("")).toBeUndefined();
  });
});
