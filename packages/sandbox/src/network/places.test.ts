import { describe, expect, it } from "vitest";
import { Places } from "./places.ts";

describe("places of sandboxes", () => {
  it("are used again only when every other one was, the longest free one first", () => {
    const places = new Places(3);
    expect([places.take(), places.take()]).toEqual([0, 1]);
    places.giveBack(1);
    places.giveBack(0);
    expect([places.take(), places.take(), places.take()]).toEqual([2, 1, 0]);
    expect(places.take()).toBeUndefined();
  });
});
