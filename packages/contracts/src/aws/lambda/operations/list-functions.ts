import { z } from "zod";
import { enumMember } from "../constraints.ts";
import { awsFunctionConfigurationSchema } from "../documents/function-configuration.ts";
import { pageInput } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html */
export const listFunctions = operation({
  name: "ListFunctions",
  method: "GET",
  path: "/2015-03-31/functions",
  status: 200,
  query: ["MasterRegion", "FunctionVersion", "Marker", "MaxItems"],
  input: z.object({
    ...pageInput({ maxItems: 10_000 }),
    FunctionVersion: enumMember(["ALL"]).optional(),
    MasterRegion: z.string().optional(),
  }),
  answer: z.object({
    NextMarker: z.string().optional(),
    Functions: z.array(awsFunctionConfigurationSchema),
  }),
  errors: [],
});
