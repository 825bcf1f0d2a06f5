// Makes `node_modules/.bin/node` the Node that the repository runs on.
//
// packages/runtimes installs Node 20, 22 and 24 as runtimes for functions. Each of these packages
// brings a program called `node`, and npm links whichever it meets last. Runs after every npm
// install; needs nothing but Node 20.
import { existsSync, rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));

if (existsSync(`${modules}node/bin/node`)) {
  rmSync(`${modules}.bin/node`, { force: true });
  symlinkSync("../node/bin/node", `${modules}.bin/node`);
}
