import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { renderSettingsDocument } from "./documentation.ts";

describe("docs/config.md", () => {
  it("says what the settings catalogue says", async () => {
    const page = fileURLToPath(new URL("../../../../docs/config.md", import.meta.url));
    await expect(renderSettingsDocument()).toMatchFileSnapshot(page);
  });
});
