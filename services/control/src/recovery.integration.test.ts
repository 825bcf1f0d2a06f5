import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { channels, openCodeStore, openFunctions, openTriggers } from "@paddock/bus";
import type { Trigger } from "@paddock/contracts";
import {
  claimCodeArchive,
  deleteFunction,
  insertLayerVersion,
  insertTrigger,
  readVersion,
  type StoredVersion,
} from "@paddock/store";
import { eventually } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestControl, type TestControl } from "./control.fixture.ts";
import { insertFunctionRow } from "./function-row.fixture.ts";
import { controlLimits } from "./limits.ts";

/**
 * Control killed between two of its steps: each test puts the database and NATS into the state that
 * such a kill leaves behind, starts control, and looks whether anything half-made is left.
 */
let control: TestControl;
beforeAll(async () => {
  control = await startTestControl();
  await control.stopControl();
});
afterAll(() => control?.stop());

const insert = (functionName: string, change: Partial<StoredVersion> = {}) =>
  insertFunctionRow(control.database, functionName, change);

const latest = (functionName: string) =>
  ({ kind: "version", functionName, version: "$LATEST" }) as const;

describe("a start after a kill", () => {
  it("finishes functions that only the database knows, and updates that were under way", async () => {
    await insert("unmirrored", {
      state: "Pending",
      stateReason: "The function is being created.",
      stateReasonCode: "Creating",
      lastUpdateStatus: null,
    });
    await insert("updating", { lastUpdateStatus: "InProgress" });
    await control.restart();
    for (const name of ["unmirrored", "updating"]) {
      expect((await openFunctions(control.bus).get(latest(name)))?.record).toMatchObject({
        state: "Active",
      });
      await eventually(async () => {
        expect(await readVersion(control.database, name, "$LATEST")).toMatchObject({
          state: "Active",
          stateReason: null,
          lastUpdateStatus: "Successful",
        });
      });
    }
  });

  it("says that a change is made when all who follow have it, without those that are gone", async () => {
    await control.restart();
    const status = async () =>
      (await readVersion(control.database, "followed", "$LATEST"))?.lastUpdateStatus;
    const tell = (followerId: string, revision: number) =>
      control.bus.publish(channels.follower, { followerId }, { revision, leaving: false });
    const everyone = Number.MAX_SAFE_INTEGER;
    let behind = 0;
    const telling = setInterval(() => {
      tell("behind", behind);
      tell("ahead", everyone);
    }, 50);
    await insert("followed", { lastUpdateStatus: "InProgress" });
    await control.restart();
    // Once, and never again.
    tell("gone", 0);
    await sleep(2 * controlLimits.followerSilenceMs);
    expect(await status()).toBe("InProgress");
    behind = everyone;
    await eventually(async () => expect(await status()).toBe("Successful"));
    clearInterval(telling);
  }, 30_000);

  it("takes away from the data plane what the database has deleted or changed", async () => {
    await insert("deleted", {});
    await insert("changed", {});
    await control.restart();
    const functions = openFunctions(control.bus);
    expect(await functions.get(latest("deleted"))).toBeDefined();
    await control.stopControl();
    await deleteFunction(control.database, "deleted");
    await control.database.pool.query(
      "update function_versions set config_id = 'new' where function_name = 'changed'",
    );
    await control.restart();
    expect(await functions.get(latest("deleted"))).toBeUndefined();
    expect(await functions.get({ kind: "function", functionName: "deleted" })).toBeUndefined();
    expect((await functions.get(latest("changed")))?.record).toMatchObject({ configId: "new" });
  });

  it("makes triggers of database and data plane agree", async () => {
    const trigger = (triggerId: string): Trigger => ({
      ...{ triggerId, functionName: "f", enabled: true, createdAtMs: 1 },
      ...{ kind: "schedule", expression: "rate(1 minute)", timeZone: "UTC" },
    });
    const [kept, stale] = [randomUUID(), randomUUID()];
    await control.stopControl();
    await insertTrigger(control.database, trigger(kept));
    const triggers = openTriggers(control.bus);
    await triggers.put(stale, trigger(stale));
    await control.restart();
    expect(await triggers.get(kept)).toEqual(trigger(kept));
    expect(await triggers.get(stale)).toBeUndefined();
  });

  it("removes zips that nobody refers to, but neither recent ones nor those in use", async () => {
    const objects = openCodeStore(control.bus);
    const archive = async (text: string, usedAtMs: number) => {
      const bytes = Buffer.from(text);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      await claimCodeArchive(control.database, { sha256, sizeBytes: 1, nowMs: usedAtMs });
      await objects.put(sha256, bytes);
      return sha256;
    };
    const [old, recent] = [await archive("old", 1), await archive("recent", Date.now())];
    const used = await archive("in-use", 1);
    await insert("in-use", {});
    await control.database.pool.query("update code_archives set used_at_ms = 1 where sha256 = $1", [
      used,
    ]);
    const layer = await archive("layer", 1);
    await insertLayerVersion(control.database, {
      ...{ layerName: "l", sha256: layer, sizeBytes: 1, unzippedBytes: 1, description: "" },
      ...{ createdAtMs: 1, licenseInfo: null, policy: null },
      ...{ compatibleRuntimes: null, compatibleArchitectures: null },
    });
    // Its layer's version is deleted, the function goes on with it.
    const formerLayer = await archive("former layer", 1);
    await insertFunctionRow(control.database, "layered", {}, [
      { arn: "arn:aws:lambda:us-east-1:000000000000:layer:g:1", sha256: formerLayer, sizeBytes: 1 },
    ]);
    await control.restart();
    await eventually(async () => expect(await objects.has(old)).toBe(false));
    for (const kept of [recent, used, layer, formerLayer]) {
      expect(await objects.has(kept)).toBe(true);
    }
  });
});
