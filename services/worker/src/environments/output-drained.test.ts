import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { constants, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { outputDrained } from "./output-drained.ts";

const directory = mkdtempSync(join(tmpdir(), "paddock-drained-"));
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  rmSync(directory, { recursive: true, force: true });
});

/** A pipe as a process's output is one: read by the event loop, written at once. */
function openPipe(name: string) {
  const path = join(directory, name);
  execFileSync("mkfifo", [path]);
  // Opened for both: a reader alone would wait for a writer.
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false });
  sockets.push(socket);
  return { socket, write: (text: string) => writeSync(fd, text) };
}

describe("outputDrained", () => {
  it("waits for output that was written after the poll which announced the message", async () => {
    const channel = openPipe("channel");
    const output = openPipe("output");
    let seen = "";
    output.socket.on("data", (bytes: Buffer) => (seen += bytes.toString()));
    const message = once(channel.socket, "data").then(() => seen);
    // As a process does that writes a record, then a line, then its answer: the poll knows of the
    // record only, and reading it brings the answer along.
    channel.socket.prependListener("data", () => output.write("the last line"));
    channel.write("answer");
    expect(await message).toBe("");
    await outputDrained();
    expect(seen).toBe("the last line");
  });
});
