import type { CredentialRecord } from "@paddock/contracts";
import { type Principal, verifyRequest } from "@paddock/iam";
import type { FastifyRequest } from "fastify";

export type Authenticate = (request: FastifyRequest) => Principal;

/** Checks the signature over the request exactly as it came. Throws PaddockError. */
export function makeAuthenticate(options: {
  readonly region: string;
  readonly findCredential: (accessKeyId: string) => CredentialRecord | undefined;
}): Authenticate {
  return (request) =>
    verifyRequest({
      method: request.method,
      target: request.raw.url ?? "/",
      headers: request.raw.rawHeaders,
      body: bodyOf(request),
      credentials: options.findCredential,
      nowMs: Date.now(),
      region: options.region,
      service: "lambda",
    });
}

/** The server's one body parser keeps bytes; requests without a body have none. */
export function bodyOf(request: FastifyRequest): Uint8Array {
  return request.body instanceof Uint8Array ? request.body : new Uint8Array();
}
