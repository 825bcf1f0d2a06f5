import { PaddockError } from "@paddock/contracts";
import { presignRequest, type SigningCredentials } from "@paddock/iam";
import type { FastifyInstance } from "fastify";
import { controlLimits } from "../../limits.ts";
import type { CodeArchives } from "../../ports.ts";
import type { Authenticate } from "./authenticate.ts";

/**
 * Code.Location: a presigned URL on the gateway's public address, good for ten minutes. The path
 * names the zip by its hash, and the signature is the permission.
 */
const PATH = "/_paddock/code/";

export function makeCodeLink(options: {
  readonly publicUrl: string;
  readonly region: string;
  readonly credentials: SigningCredentials;
}): (sha256: string) => string {
  const { origin, host } = new URL(options.publicUrl);
  return (sha256) => {
    const target = presignRequest({
      method: "GET",
      target: `${PATH}${sha256}.zip`,
      host,
      expiresSeconds: controlLimits.codeLinkSeconds,
      credentials: options.credentials,
      region: options.region,
      service: "lambda",
      nowMs: Date.now(),
    });
    return `${origin}${target}`;
  };
}

export function addCodeRoute(
  server: FastifyInstance,
  code: CodeArchives,
  authenticate: Authenticate,
): void {
  server.get<{ Params: { file: string } }>(`${PATH}:file`, async (request, reply) => {
    authenticate(request);
    const sha256 = /^([0-9a-f]{64})\.zip$/.exec(request.params.file)?.[1];
    const zip = sha256 === undefined ? undefined : await code.read(sha256);
    if (zip === undefined) {
      throw new PaddockError("ResourceNotFoundException", "There is no such code archive.");
    }
    return reply.header("content-type", "application/zip").send(Buffer.from(zip));
  });
}
