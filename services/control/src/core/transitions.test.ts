import { describe, expect, it } from "vitest";
import { newConfiguration } from "./configuration.ts";
import {
  changeLatest,
  checkChangeable,
  checkRevision,
  createLatest,
  isSamePublication,
  isUnsettled,
  publishFrom,
  settle,
} from "./transitions.ts";

let count = 0;
const stamp = { nowMs: 1000, newId: () => `id-${(count += 1)}` };
const configuration = newConfiguration("f", {
  FunctionName: "f",
  Runtime: "nodejs24.x",
  Handler: "index.handler",
  Role: "arn:aws:iam::000000000000:role/any",
  Code: {},
});
const code = { sha256: "ab".repeat(32), sizeBytes: 10, unzippedBytes: 1 };
const created = () => createLatest("f", { configuration, code }, stamp);

describe("a version", () => {
  it("is Pending when created and Active, without a reason, when settled", () => {
    const pending = created();
    expect(isUnsettled(pending)).toBe(true);
    const active = settle(pending, stamp);
    expect(active).toMatchObject({
      state: "Active",
      stateReason: null,
      lastUpdateStatus: "Successful",
      configId: pending.configId,
    });
    expect(active.revisionId).not.toBe(pending.revisionId);
    expect(isUnsettled(active)).toBe(false);
  });

  it("gets a new configId with every change, and none by settling", () => {
    const active = settle(created(), stamp);
    const changed = changeLatest(active, { configuration }, stamp);
    expect(changed.configId).not.toBe(active.configId);
    expect(changed.revisionId).not.toBe(active.revisionId);
    expect(changed).toMatchObject({ state: "Active", lastUpdateStatus: "InProgress" });
    expect(settle(changed, stamp).configId).toBe(changed.configId);
  });

  it("cannot be changed while a change is under way", () => {
    const conflict = { code: "ResourceConflictException" };
    expect(() => checkChangeable(created(), "arn")).toThrow(expect.objectContaining(conflict));
    const changing = changeLatest(settle(created(), stamp), {}, stamp);
    expect(() => checkChangeable(changing, "arn")).toThrow(
      "The operation cannot be performed at this time. An update is in progress for resource: arn",
    );
    expect(() => checkChangeable(settle(changing, stamp), "arn")).not.toThrow();
  });

  it("is changed only from the revision that the caller knows", () => {
    const latest = created();
    expect(() => checkRevision(latest, undefined)).not.toThrow();
    expect(() => checkRevision(latest, latest.revisionId)).not.toThrow();
    expect(() => checkRevision(latest, "another")).toThrow(
      "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
    );
  });

  it("published with another description is the same publication, with other code it is not", () => {
    const latest = settle(created(), stamp);
    const first = publishFrom(latest, { number: 1, description: "first" }, stamp);
    expect(first).toMatchObject({ version: "1", configuration: { description: "first" } });
    expect(isSamePublication(latest, first)).toBe(true);
    const recoded = changeLatest(latest, { code: { ...code, sha256: "cd".repeat(32) } }, stamp);
    expect(isSamePublication(recoded, first)).toBe(false);
    const slower = changeLatest(
      latest,
      { configuration: { ...configuration, timeoutSeconds: 9 } },
      stamp,
    );
    expect(isSamePublication(slower, first)).toBe(false);
  });
});
