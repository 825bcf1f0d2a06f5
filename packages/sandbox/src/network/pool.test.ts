import { describe, expect, it } from "vitest";
import { sandboxLimits } from "../limits.ts";
import { Pool } from "./pool.ts";

/** Makes numbers, as fast as it is asked; fails while `broken` is set. */
class Numbers {
  broken = false;
  made = 0;
  making = 0;
  mostAtOnce = 0;
  readonly discarded: number[] = [];

  async make(): Promise<number> {
    this.making += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.making);
    await Promise.resolve();
    this.making -= 1;
    if (this.broken) throw new Error("cannot be made");
    this.made += 1;
    return this.made;
  }

  discard(number: number): void {
    this.discarded.push(number);
  }
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe("a pool of networks", () => {
  it("makes as many ahead as its limit says, a few at a time, and replaces what is taken", async () => {
    const numbers = new Numbers();
    const pool = new Pool(numbers);
    await settled();
    expect(numbers.made).toBe(sandboxLimits.networksAhead);
    expect(numbers.mostAtOnce).toBe(sandboxLimits.networksMadeAtOnce);
    expect(await pool.take()).toBe(1);
    await settled();
    expect(numbers.made).toBe(sandboxLimits.networksAhead + 1);
  });

  it("gives each one to one taker, however many ask at once", async () => {
    const pool = new Pool(new Numbers());
    const taken = await Promise.all(Array.from({ length: 200 }, () => pool.take()));
    expect(new Set(taken).size).toBe(200);
  });

  it("tells the taker why none can be made, and tries again for the next one", async () => {
    const numbers = new Numbers();
    numbers.broken = true;
    const pool = new Pool(numbers);
    await settled();
    await expect(pool.take()).rejects.toThrow("cannot be made");
    numbers.broken = false;
    expect(await pool.take()).toBe(1);
  });

  it("discards what it holds when it is closed, and what is finished later", async () => {
    const numbers = new Numbers();
    const pool = new Pool(numbers);
    await settled();
    void pool.take();
    pool.close();
    await settled();
    expect(numbers.discarded).toHaveLength(numbers.made - 1);
    await expect(pool.take()).rejects.toThrow("closed");
  });
});
