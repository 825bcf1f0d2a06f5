/** Paddock's own API, as the dashboard reads it. */
import { logLineSchema } from "@paddock/contracts/admin";
import { inject } from "vitest";

export async function adminRead(path: string): Promise<unknown> {
  return (await send(path)).json();
}

/** Log events of the function, in their order. */
export async function logOf(functionName: string): Promise<string[]> {
  const text = await (await send(`logs?function=${functionName}`)).text();
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => logLineSchema.parse(JSON.parse(line)).message);
}

async function send(path: string): Promise<Response> {
  const { endpoint, adminToken } = inject("prison").access;
  const headers = { authorization: `Bearer ${adminToken}` };
  const response = await fetch(`${endpoint}/_paddock/api/${path}`, { headers });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response;
}
