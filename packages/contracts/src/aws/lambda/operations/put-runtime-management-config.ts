import { z } from "zod";
import { enumMember } from "../constraints.ts";
import { awsRuntimeManagementConfigSchema } from "../documents/runtime-management-config.ts";
import { operation } from "../operation.ts";
import { neverInConflict } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutRuntimeManagementConfig.html */
export const putRuntimeManagementConfig = operation({
  name: "PutRuntimeManagementConfig",
  method: "PUT",
  path: "/2021-07-20/functions/{FunctionName}/runtime-management-config",
  status: 200,
  query: ["Qualifier"],
  input: z.object({
    Qualifier: z.string().optional(),
    UpdateRuntimeOn: enumMember(["Auto", "Manual", "FunctionUpdate"]),
    RuntimeVersionArn: z.string().optional(),
  }),
  answer: awsRuntimeManagementConfigSchema,
  errors: ["ResourceNotFoundException"],
  ungiven: neverInConflict,
});
