import { z } from "zod";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionRecursionConfig.html */
export const getFunctionRecursionConfig = operation({
  name: "GetFunctionRecursionConfig",
  method: "GET",
  path: "/2024-08-31/functions/{FunctionName}/recursion-config",
  status: 200,
  answer: z.object({ RecursiveLoop: z.enum(["Allow", "Terminate"]) }),
  errors: ["ResourceNotFoundException"],
});
