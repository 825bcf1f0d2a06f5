import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { adminErrorSchema } from "@paddock/contracts/admin";
import type { z } from "zod";
import { cliLimits } from "../limits.ts";
import { UserError } from "../user-error.ts";
import type { AdminEndpoint } from "./endpoint.ts";

export type Query = Readonly<Record<string, string | undefined>>;

export interface AdminRequest {
  readonly method?: "GET" | "POST" | "DELETE";
  /** Below `/_paddock/api/`. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
}

/** Paddock's own API, through the gateway. Every failure is a UserError. */
export class AdminClient {
  readonly #endpoint: AdminEndpoint;

  constructor(endpoint: AdminEndpoint) {
    this.#endpoint = endpoint;
  }

  async read<Schema extends z.ZodType>(
    request: AdminRequest,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const response = await this.#send(request);
    return this.#understand(await response.text(), schema);
  }

  /** Lines of an NDJSON answer, as long as it lasts; empty lines, which keep it open, left out. */
  async *readLines<Schema extends z.ZodType>(
    request: AdminRequest,
    schema: Schema,
  ): AsyncGenerator<z.output<Schema>> {
    const response = await this.#send(request);
    if (response.body === null) return;
    const lines = createInterface({ input: Readable.fromWeb(response.body) });
    try {
      for await (const line of lines) {
        if (line.trim() !== "") yield this.#understand(line, schema);
      }
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError("The connection to Paddock was lost.");
    }
  }

  #understand<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema> {
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new UserError(
      `${this.#endpoint.url} answered in a way this paddock command does not know: are both of the same version?`,
    );
  }

  async #send({ method = "GET", path, query = {}, body }: AdminRequest): Promise<Response> {
    const url = new URL(`${this.#endpoint.url}/_paddock/api/${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const headers: Record<string, string> = { authorization: `Bearer ${this.#endpoint.token}` };
    if (body !== undefined) headers["content-type"] = "application/json";
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), cliLimits.adminAnswerMs);
    try {
      const response = await fetch(url, {
        method,
        headers,
        signal: silence.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new UserError(await describeRefusal(response, url.origin));
      return response;
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(
        `Paddock does not answer on ${this.#endpoint.url}: is it running? Start it with \`npm start\`.`,
      );
    } finally {
      // Only the wait for the headers is bounded: a followed log has no end.
      clearTimeout(timer);
    }
  }
}

/** Undefined for text that is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function describeRefusal(response: Response, origin: string): Promise<string> {
  const refusal = adminErrorSchema.safeParse(parseJson(await response.text()));
  if (refusal.success) return refusal.data.error.message;
  return `${origin} answered with status ${response.status}.`;
}
