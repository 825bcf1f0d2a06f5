/**
 * Puts this test process into the network of the test host, where Paddock listens. Node does its
 * network calls on the main thread, and what is spawned from it is there too.
 */
import { closeSync, openSync } from "node:fs";
import koffi from "koffi";
import { inject } from "vitest";

const CLONE_NEWNET = 0x4000_0000;

const namespace = openSync(`/proc/${inject("prison").hostPid}/ns/net`, "r");
const setns = koffi.load(null).func("int setns(int fd, int kind)");
if (setns(namespace, CLONE_NEWNET) !== 0) throw new Error("security tests need root");
closeSync(namespace);
