/** One Paddock for all conformance tests: they use it as clients do and share nothing but it. */
import { type PaddockAccess, startPaddock } from "@paddock/testkit";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    readonly paddock: PaddockAccess;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const paddock = await startPaddock({ settings: { "async-retry-delays-seconds": "1,1" } });
  project.provide("paddock", paddock.access);
  return () => paddock.stop();
}
