import { readFile, stat } from "node:fs/promises";
import { extname, join, resolve, sep } from "node:path";
import type { FastifyInstance, FastifyReply } from "fastify";
import { controlLimits } from "../../limits.ts";

/**
 * The dashboard's files below `/_paddock/`, without a token: they hold no data. Paths without a file
 * are pages of the application and get its index.html.
 */
const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};

const NOT_BUILT = `<!doctype html><meta charset="utf-8"><title>Paddock</title>
<h1>The dashboard is not built</h1>
<p>Run <code>npm run build --workspace services/dashboard</code> and load this page again.</p>
`;

export function addDashboard(server: FastifyInstance, directory: string): void {
  const root = resolve(directory);
  // The router takes no notice of a slash at the end, but relative links in the page do.
  server.get("/_paddock", (request, reply) =>
    /^\/_paddock(\?|$)/.test(request.raw.url ?? "")
      ? reply.redirect("/_paddock/", 308)
      : answer(root, "", reply),
  );
  server.get<{ Params: { "*": string } }>("/_paddock/*", (request, reply) =>
    answer(root, request.params["*"], reply),
  );
}

async function answer(root: string, asked: string, reply: FastifyReply): Promise<FastifyReply> {
  const file = asked === "" ? undefined : await readStatic(root, asked);
  if (file !== undefined) return sendFile(reply, asked, file);
  // A missing asset is an error; a page of the application is not a file.
  if (extname(asked) !== "") return reply.code(404).type("text/plain").send("Not found\n");
  const index = await readStatic(root, "index.html");
  if (index !== undefined) return sendFile(reply, "index.html", index);
  return reply.code(503).type("text/html; charset=utf-8").send(NOT_BUILT);
}

/** Undefined for what is no file below the root. */
async function readStatic(root: string, path: string): Promise<Buffer | undefined> {
  const file = resolve(join(root, path));
  if (path.includes("\0") || !file.startsWith(root + sep)) return undefined;
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true || found.size > controlLimits.staticFileBytes) return undefined;
  return readFile(file);
}

function sendFile(reply: FastifyReply, name: string, content: Buffer): FastifyReply {
  const isHashed = name.startsWith("assets/");
  return reply
    .header("content-type", contentTypes[extname(name)] ?? "application/octet-stream")
    .header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache")
    .header("x-content-type-options", "nosniff")
    .header(
      "content-security-policy",
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
    )
    .header("referrer-policy", "no-referrer")
    .send(content);
}
