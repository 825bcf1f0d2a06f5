/** A stopped process cannot notice that its worker is gone: somebody else has to. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makePlaces, processesWith, removePlaces, until } from "../sandboxes.fixture.ts";

it("nothing is left of a frozen sandbox whose worker was killed", async () => {
  const places = makePlaces();
  const worker = fork(join(import.meta.dirname, "worker.fixture.ts"), [JSON.stringify(places)]);
  const [{ word }] = (await once(worker, "message")) as [{ word: string }];
  expect(processesWith(word)).toBe(2);
  worker.kill("SIGKILL");
  await once(worker, "exit");
  await until(() => processesWith(word) === 0);
  removePlaces(places);
});
