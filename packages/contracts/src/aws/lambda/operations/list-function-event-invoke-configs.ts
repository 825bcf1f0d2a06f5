import { z } from "zod";
import { awsEventInvokeConfigSchema } from "../documents/event-invoke-config.ts";
import { pageInput } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionEventInvokeConfigs.html */
export const listFunctionEventInvokeConfigs = operation({
  name: "ListFunctionEventInvokeConfigs",
  method: "GET",
  path: "/2019-09-25/functions/{FunctionName}/event-invoke-config/list",
  status: 200,
  query: ["Marker", "MaxItems"],
  input: z.object(pageInput({ maxItems: 50 })),
  answer: z.object({
    FunctionEventInvokeConfigs: z.array(awsEventInvokeConfigSchema),
    NextMarker: z.string().optional(),
  }),
  errors: ["ResourceNotFoundException"],
});
