import { z } from "zod";
import { awsFunctionUrlConfigSchema } from "../documents/function-url-config.ts";
import { pageInput } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionUrlConfigs.html */
export const listFunctionUrlConfigs = operation({
  name: "ListFunctionUrlConfigs",
  method: "GET",
  path: "/2021-10-31/functions/{FunctionName}/urls",
  status: 200,
  query: ["Marker", "MaxItems"],
  input: z.object(pageInput({ maxItems: 50 })),
  answer: z.object({
    FunctionUrlConfigs: z.array(awsFunctionUrlConfigSchema),
    NextMarker: z.string().optional(),
  }),
  errors: ["ResourceNotFoundException"],
});
