import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { readOutputLines } from "./output-lines.ts";

async function linesOf(chunks: readonly (string | Buffer)[], maxLineBytes?: number) {
  const stream = new PassThrough();
  const lines: string[] = [];
  const options = maxLineBytes === undefined ? {} : { maxLineBytes };
  const output = readOutputLines(stream, (line) => lines.push(line.text), options);
  for (const chunk of chunks) {
    stream.write(chunk);
    await new Promise(setImmediate);
  }
  return { stream, lines, output };
}

describe("output lines", () => {
  it("are cut at line feeds only, a carriage return stays inside", async () => {
    const { lines } = await linesOf(["line\nstring\nanother\rline\n"]);
    expect(lines).toEqual(["line", "string", "another\rline"]);
  });

  it("are put together from chunks, empty lines included", async () => {
    const { lines } = await linesOf(["a", "b\n\nc", "\n"]);
    expect(lines).toEqual(["ab", "", "c"]);
  });

  it("give the unterminated rest when it is asked for, once", async () => {
    const { lines, output } = await linesOf(["whole\nrest"]);
    expect(lines).toEqual(["whole"]);
    output.flush();
    output.flush();
    expect(lines).toEqual(["whole", "rest"]);
  });

  it("give the unterminated rest at the end of the stream", async () => {
    const { stream, lines } = await linesOf(["rest"]);
    const ended = new Promise((resolve) => stream.on("end", resolve));
    stream.end();
    await ended;
    expect(lines).toEqual(["rest"]);
  });

  it("are split when they are too long, and never within a character", async () => {
    const { lines } = await linesOf(["ääääää\nshort\n"], 5);
    expect(lines).toEqual(["ää", "ää", "ää", "short"]);
  });

  it("keep characters that arrive in two chunks", async () => {
    const bytes = Buffer.from("€\n");
    const { lines } = await linesOf([bytes.subarray(0, 1), bytes.subarray(1)]);
    expect(lines).toEqual(["€"]);
  });

  it("bound a line of bytes that are no text", async () => {
    const { lines, output } = await linesOf([Buffer.alloc(10, 0x80)], 4);
    output.flush();
    expect(lines.map((line) => line.length)).toEqual([4, 4, 2]);
  });
});
