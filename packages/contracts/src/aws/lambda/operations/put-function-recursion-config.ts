import { z } from "zod";
import { enumMember } from "../constraints.ts";
import { operation } from "../operation.ts";
import { neverInConflict } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionRecursionConfig.html */
export const putFunctionRecursionConfig = operation({
  name: "PutFunctionRecursionConfig",
  method: "PUT",
  path: "/2024-08-31/functions/{FunctionName}/recursion-config",
  status: 200,
  input: z.object({ RecursiveLoop: enumMember(["Allow", "Terminate"]) }),
  answer: z.object({ RecursiveLoop: z.enum(["Allow", "Terminate"]) }),
  errors: ["ResourceNotFoundException"],
  ungiven: neverInConflict,
});
