import { z } from "zod";
import { awsEventInvokeConfigSchema } from "../documents/event-invoke-config.ts";
import { eventInvokeMembers } from "../members.ts";
import { type InputOf, operation } from "../operation.ts";
import { neverInConflict } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
export const putFunctionEventInvokeConfig = operation({
  name: "PutFunctionEventInvokeConfig",
  method: "PUT",
  path: "/2019-09-25/functions/{FunctionName}/event-invoke-config",
  status: 200,
  query: ["Qualifier"],
  input: z.object({ Qualifier: z.string().optional(), ...eventInvokeMembers }),
  answer: awsEventInvokeConfigSchema,
  errors: ["ResourceNotFoundException"],
  ungiven: neverInConflict,
});
export type EventInvokeConfigRequest = InputOf<typeof putFunctionEventInvokeConfig>;
