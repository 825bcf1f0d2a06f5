import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { countHostResources } from "../host/count-resources.ts";
import { makePlaces, removePlaces } from "../sandboxes.fixture.ts";
import { createGvisorProvider } from "./open.ts";

const places = makePlaces();
/** What was said; afterwards nothing may be left. */
const refusedFor = async (runscPath: string): Promise<string> => {
  const said = await createGvisorProvider({ ...places, runscPath }).then(
    () => "",
    (error: unknown) => String(error),
  );
  const left = Object.values(countHostResources(places.workerId));
  return left.every((count) => count === 0) ? said : `${said}; left: ${left.join()}`;
};
const script = (text: string): string => {
  const path = join(places.dataDirectory, "runsc");
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
};
afterAll(() => removePlaces(places));

describe("gVisor is refused, and nothing is left,", () => {
  it("without the program, with how to get it", async () => {
    const said = await refusedFor("/no/runsc");
    expect(said).toContain("the program /no/runsc is missing");
    expect(said).toContain("https://gvisor.dev/docs/user_guide/install/");
    expect(said).toContain("go install gvisor.dev/gvisor/runsc@");
    expect(said).not.toContain("left:");
  });

  it("with a version that lacks what is needed, by name", async () => {
    const said = await refusedFor(script("echo '  -file-access  -overlay2'"));
    expect(said).toContain("too old: it has no --host-settings, --pass-fd");
  });

  it("when it cannot make a sandbox here, with its own words", async () => {
    const flags = "-file-access -overlay2 -host-settings -pass-fd";
    const said = await refusedFor(
      script(`echo '${flags}'; case "$*" in *run*sandbox*) echo 'no ptrace' >&2; exit 128;; esac`),
    );
    expect(said).toContain("runsc cannot make a sandbox: ");
    expect(said).toContain("no ptrace");
    expect(said).not.toContain("left:");
  });
});
