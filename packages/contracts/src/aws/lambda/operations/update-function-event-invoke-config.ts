import { z } from "zod";
import { awsEventInvokeConfigSchema } from "../documents/event-invoke-config.ts";
import { eventInvokeMembers } from "../members.ts";
import { operation } from "../operation.ts";
import { neverInConflict } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionEventInvokeConfig.html */
export const updateFunctionEventInvokeConfig = operation({
  name: "UpdateFunctionEventInvokeConfig",
  method: "POST",
  path: "/2019-09-25/functions/{FunctionName}/event-invoke-config",
  status: 200,
  query: ["Qualifier"],
  input: z.object({ Qualifier: z.string().optional(), ...eventInvokeMembers }),
  answer: awsEventInvokeConfigSchema,
  errors: ["ResourceNotFoundException"],
  ungiven: neverInConflict,
});
