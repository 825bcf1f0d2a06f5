import { z } from "zod";
import { qualifierInput } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html */
export const getPolicy = operation({
  name: "GetPolicy",
  method: "GET",
  path: "/2015-03-31/functions/{FunctionName}/policy",
  status: 200,
  ...qualifierInput,
  answer: z.object({ Policy: z.string(), RevisionId: z.string() }),
  errors: ["ResourceNotFoundException"],
});
