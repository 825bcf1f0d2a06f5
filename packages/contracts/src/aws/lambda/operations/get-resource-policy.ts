import { z } from "zod";
import { policyResourceMember } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetResourcePolicy.html */
export const getResourcePolicy = operation({
  name: "GetResourcePolicy",
  method: "GET",
  path: "/2026-07-09/resource-policy/{ResourceArn}",
  status: 200,
  input: z.object({ ResourceArn: policyResourceMember }),
  answer: z.object({ Policy: z.string(), RevisionId: z.string() }),
  errors: ["ResourceNotFoundException"],
});
