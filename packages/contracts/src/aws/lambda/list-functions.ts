import { z } from "zod";
import { enumMember } from "./constraints.ts";

/** Query strings, so everything is text; numbers are read by control, which knows the texts. */
export const listQuerySchema = z.object({
  Marker: z.string().optional(),
  MaxItems: z.string().optional(),
});

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html */
export const listFunctionsQuerySchema = listQuerySchema.extend({
  FunctionVersion: enumMember(["ALL"]).optional(),
  MasterRegion: z.string().optional(),
});

/** MaxItems 1–10,000; a page of functions or versions holds 50 at most. */
export const listLimits = { maxItems: 10_000, pageItems: 50 } as const;
