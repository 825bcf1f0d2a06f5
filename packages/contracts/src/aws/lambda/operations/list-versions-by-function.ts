import { z } from "zod";
import { awsFunctionConfigurationSchema } from "../documents/function-configuration.ts";
import { pageInput } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html */
export const listVersionsByFunction = operation({
  name: "ListVersionsByFunction",
  method: "GET",
  path: "/2015-03-31/functions/{FunctionName}/versions",
  status: 200,
  query: ["Marker", "MaxItems"],
  input: z.object(pageInput({ maxItems: 10_000 })),
  answer: z.object({
    NextMarker: z.string().optional(),
    Versions: z.array(awsFunctionConfigurationSchema),
  }),
  errors: ["ResourceNotFoundException"],
});
