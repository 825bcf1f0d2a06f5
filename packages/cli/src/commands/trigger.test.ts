import { describe, expect, it } from "vitest";
import { newTrigger } from "./trigger.ts";

describe("paddock trigger add", () => {
  it("makes a trigger of a subject and a filter", () => {
    expect(newTrigger("hello:prod", { nats: "events.orders.>", filter: '{"a":[1]}' })).toEqual({
      kind: "nats",
      functionName: "hello",
      qualifier: "prod",
      enabled: true,
      subject: "events.orders.>",
      filterPattern: '{"a":[1]}',
    });
  });

  it("makes a trigger of a schedule and its time zone", () => {
    const options = { schedule: "cron(0 9 * * ? *)", timezone: "Europe/Berlin", disabled: true };
    expect(newTrigger("hello", options)).toEqual({
      kind: "schedule",
      functionName: "hello",
      enabled: false,
      expression: "cron(0 9 * * ? *)",
      timeZone: "Europe/Berlin",
    });
  });

  it.each([
    [{}, "needs either --nats"],
    [{ nats: "events.a", schedule: "rate(1 minute)" }, "needs either --nats"],
    [{ nats: "events.a", timezone: "UTC" }, "belong to --schedule"],
    [{ schedule: "rate(1 minute)", filter: "{}" }, "belongs to --nats"],
  ])("refuses %j", (options, message) => {
    expect(() => newTrigger("hello", options)).toThrow(message);
  });
});
