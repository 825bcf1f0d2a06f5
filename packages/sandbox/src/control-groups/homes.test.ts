import { describe, expect, it } from "vitest";
import { homeOfV1, homeOfV2, remedyV1, remedyV2 } from "./homes.ts";

const root = { isMachineRoot: true, uid: 0 };
const user = { isMachineRoot: false, uid: 1000 };

describe("a worker makes its groups", () => {
  const memory = { mountPoint: "/cg/memory", ownDirectory: "/cg/memory/user-1000" };
  const unified = { mountPoint: "/cg", ownDirectory: "/cg/user.slice/app.slice/run-1.scope" };

  it("at the top as root", () => {
    expect(homeOfV1(memory, root)).toBe("/cg/memory");
    expect(homeOfV2(unified, root)).toBe("/cg");
  });

  it("in its own group as an ordinary user, on version 1", () => {
    expect(homeOfV1(memory, user)).toBe("/cg/memory/user-1000");
  });

  it("beside its own group as an ordinary user, on version 2, and never above the top", () => {
    expect(homeOfV2(unified, user)).toBe("/cg/user.slice/app.slice");
    expect(homeOfV2({ mountPoint: "/cg", ownDirectory: "/cg" }, user)).toBe("/cg");
  });
});

describe("where it may not, it says what to type", () => {
  it("on version 1: a group in each hierarchy, with the user's own number and shell", () => {
    expect(remedyV1(["/cg/memory", "/cg/cpu,cpuacct"], user)).toContain(
      "sudo sh -c 'for d in /cg/memory /cg/cpu,cpuacct; do g=$d/user-1000; mkdir -p $g && chown -R 1000 $g && echo '$$' > $g/cgroup.procs; done'",
    );
  });

  it("on version 2: through systemd, or without", () => {
    const remedy = remedyV2("/cg", user);
    expect(remedy).toContain("systemd-run --user --scope -p Delegate=yes npm start");
    expect(remedy).toContain("chown -R 1000 /cg/user-1000");
  });

  it("as root, which is refused in containers only", () => {
    expect(remedyV1([], root)).toContain("docs/containers.md");
    expect(remedyV2("/cg", root)).toContain("docs/containers.md");
  });
});
