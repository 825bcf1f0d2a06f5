import { describe, expect, it } from "vitest";
import { hostName, urlIdOf } from "./url-host.ts";

const id = "a1".repeat(16);

describe("a Host header", () => {
  it("names a function URL by its first label", () => {
    expect(urlIdOf(`${id}.lambda-url.us-east-1.localhost:4574`)).toBe(id);
    expect(urlIdOf(`${id.toUpperCase()}.Lambda-URL.us-east-1.on.aws`)).toBeUndefined();
    expect(urlIdOf(`${id.toUpperCase()}.lambda-url.us-east-1.on.aws`)).toBe(id);
  });

  it("names none otherwise", () => {
    for (const host of [undefined, "", "127.0.0.1:4574", "x.lambda-url.us-east-1.localhost"]) {
      expect(urlIdOf(host)).toBeUndefined();
    }
  });

  it("has a name without its port", () => {
    expect(hostName("a.localhost:4574")).toBe("a.localhost");
    expect(hostName("a.localhost")).toBe("a.localhost");
  });
});
