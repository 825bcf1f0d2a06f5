import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makePlaces, removePlaces } from "../sandboxes.fixture.ts";
import { checkBubblewrap } from "./check.ts";
import { createBubblewrapProvider } from "./open.ts";

const places = makePlaces();
afterAll(() => removePlaces(places));

describe("checking for bubblewrap", () => {
  it("finds no problem where sandboxes can be made", async () => {
    expect(await checkBubblewrap()).toEqual([]);
  });

  it("names the package for each package manager when the program is missing", async () => {
    const [problem] = await checkBubblewrap({ bubblewrapPath: "/no/bwrap" });
    expect(problem?.what).toBe("the program /no/bwrap (bubblewrap) is missing");
    expect(problem?.remedy).toContain("apt-get install bubblewrap");
    expect(problem?.remedy).toContain("dnf install bubblewrap");
  });

  it("tells what the program said when it cannot make namespaces, and an old one what it lacks", async () => {
    const path = join(places.dataDirectory, "bwrap");
    writeFileSync(path, "#!/bin/sh\necho 'bwrap: No permissions' >&2\nexit 1\n", { mode: 0o755 });
    const problems = await checkBubblewrap({ bubblewrapPath: path });
    expect(problems[0]?.what).toContain("too old");
    expect(problems[1]?.what).toContain("bwrap: No permissions");
  });

  it("keeps the provider from starting with anything less", async () => {
    const options = { ...places, bubblewrapPath: "/no/bwrap" };
    await expect(createBubblewrapProvider(options)).rejects.toThrow("not possible here");
  });
});
