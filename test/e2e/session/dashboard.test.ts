/** Scenario: the address that `paddock dashboard` prints, opened in a browser. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sessionLimits } from "./support/limits.ts";
import { findProgram } from "./support/shell.ts";
import { type Session, startSession } from "./support/stack.ts";

const run = promisify(execFile);
const buildScript = fileURLToPath(new URL("../../../scripts/build-dashboard.mjs", import.meta.url));
const chromium = findProgram("chromium", "chromium-browser", "google-chrome");
const withoutChromium = chromium === undefined ? " (skipped: needs chromium)" : "";

let session: Session;
let address: string;

beforeAll(async () => {
  // As `npm start` does before anything else.
  await run(process.execPath, [buildScript]);
  session = await startSession();
  address = (await session.paddock.cli("dashboard")).trim();
});

afterAll(() => session.paddock.stop());

/** The page after its scripts have run, as HTML. */
async function render(url: string): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), "paddock-browser-"));
  try {
    const { stdout } = await run(
      chromium ?? "",
      [
        ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        // Nothing but the page: no component updates, no look for a proxy.
        ...["--no-first-run", "--disable-background-networking", "--no-proxy-server"],
        ...[
          "--disable-component-update",
          "--disable-sync",
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ],
        ...[`--user-data-dir=${profile}`, "--virtual-time-budget=5000", "--dump-dom", url],
      ],
      { timeout: sessionLimits.browserMs, env: { PATH: process.env["PATH"], HOME: profile } },
    );
    return stdout;
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}

describe("the dashboard", () => {
  it("is served under /_paddock/ with its scripts and styles", async () => {
    const base = `${session.paddock.access.endpoint}/_paddock/`;
    expect(address.startsWith(base)).toBe(true);
    const page = await fetch(base);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toMatch(/^text\/html/);
    const html = await page.text();
    expect(html).toContain('<div id="root">');
    const assets = [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(
      ([, path]) => path,
    );
    expect(assets.length).toBeGreaterThan(0);
    for (const path of assets) {
      const asset = await fetch(new URL(path ?? "", base));
      expect([path, asset.status]).toEqual([path, 200]);
      const kind = path?.endsWith(".js") === true ? "javascript" : "css";
      expect(asset.headers.get("content-type")).toContain(`text/${kind}`);
    }
  });

  it("tells nothing without the token, and leaves it out of what it serves", async () => {
    const { endpoint, adminToken } = session.paddock.access;
    const answer = await fetch(`${endpoint}/_paddock/api/status`);
    expect(answer.status).toBe(401);
    expect(await (await fetch(`${endpoint}/_paddock/`)).text()).not.toContain(adminToken);
  });

  // A browser is no dependency of Paddock: rendered where Debian's chromium is installed.
  it.skipIf(withoutChromium !== "")(
    `renders in a browser what the API knows${withoutChromium}`,
    async () => {
      const shown = await render(address);
      for (const page of ["Overview", "Functions", "Invocations", "Workers", "Triggers", "Usage"]) {
        expect(shown).toContain(`>${page}</button>`);
      }
      expect(shown).toContain("nodejs24.x");
      expect(await render(`${session.paddock.access.endpoint}/_paddock/`)).toContain("<form");
    },
  );
});
