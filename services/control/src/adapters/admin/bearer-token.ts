import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { AdminRefusal } from "./admin-error.ts";

/** Compares hashes, so that neither content nor length of the token shows in the time it takes. */
export function makeTokenCheck(adminToken: string): (request: FastifyRequest) => void {
  const wanted = hash(adminToken);
  return (request) => {
    const given = /^Bearer (\S{1,512})$/i.exec(request.headers.authorization ?? "")?.[1];
    if (given !== undefined && timingSafeEqual(hash(given), wanted)) return;
    throw new AdminRefusal(
      401,
      "Unauthorized",
      given === undefined
        ? "This API takes the admin token: Authorization: Bearer <token>."
        : "The admin token is wrong.",
    );
  };
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
