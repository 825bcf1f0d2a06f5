import { z } from "zod";
import { operation } from "../operation.ts";
import { codeSigning } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionCodeSigningConfig.html */
export const getFunctionCodeSigningConfig = operation({
  name: "GetFunctionCodeSigningConfig",
  method: "GET",
  path: "/2020-06-30/functions/{FunctionName}/code-signing-config",
  status: 200,
  /** Empty where the function has none, and here none has. */
  answer: z.object({}),
  errors: ["ResourceNotFoundException"],
  ungiven: { CodeSigningConfigNotFoundException: codeSigning.CodeSigningConfigNotFoundException },
});
