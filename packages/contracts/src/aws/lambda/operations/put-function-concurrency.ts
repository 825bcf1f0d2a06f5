import { z } from "zod";
import { integerMember } from "../constraints.ts";
import { functionConcurrencySchema } from "../documents/function-concurrency.ts";
import { operation } from "../operation.ts";
import { neverInConflict } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html */
export const putFunctionConcurrency = operation({
  name: "PutFunctionConcurrency",
  method: "PUT",
  path: "/2017-10-31/functions/{FunctionName}/concurrency",
  status: 200,
  input: z.object({
    ReservedConcurrentExecutions: integerMember({ min: 0 }),
  }),
  answer: functionConcurrencySchema,
  errors: ["ResourceNotFoundException"],
  ungiven: neverInConflict,
});
