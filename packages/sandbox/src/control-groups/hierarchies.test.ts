import { describe, expect, it } from "vitest";
import { findHierarchies } from "./hierarchies.ts";

const v1Mounts = `32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`;

describe("control group hierarchies", () => {
  it("of version 1 are found by controller, two of them in one mount", () => {
    const { v1 } = findHierarchies(v1Mounts, "4:memory:/some/group\n1:cpu,cpuacct:/\n0::/\n");
    expect(v1.get("memory")).toEqual({
      mountPoint: "/sys/fs/cgroup/memory",
      ownDirectory: "/sys/fs/cgroup/memory/some/group",
    });
    expect(v1.get("cpu")).toEqual({
      mountPoint: "/sys/fs/cgroup/cpu,cpuacct",
      ownDirectory: "/sys/fs/cgroup/cpu,cpuacct",
    });
    expect(v1.get("cpuacct")).toEqual(v1.get("cpu"));
    expect(v1.has("pids")).toBe(false);
  });

  it("of version 2 are found beside those of version 1", () => {
    const { v2 } = findHierarchies(v1Mounts, "0::/system.slice/x.service\n");
    expect(v2).toEqual({
      mountPoint: "/sys/fs/cgroup/unified",
      ownDirectory: "/sys/fs/cgroup/unified/system.slice/x.service",
    });
  });

  it("in a container begin at the container's own group", () => {
    const mounts = "35 31 0:32 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";
    const { v1 } = findHierarchies(mounts, "4:memory:/docker/abc/inner\n");
    expect(v1.get("memory")?.ownDirectory).toBe("/sys/fs/cgroup/memory/inner");
  });

  it("that are not mounted are not there", () => {
    expect(findHierarchies("", "4:memory:/\n0::/\n")).toEqual({ v1: new Map(), v2: undefined });
  });
});
