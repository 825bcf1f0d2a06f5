import { z } from "zod";
import { awsAliasConfigurationSchema } from "../documents/alias-configuration.ts";
import { pageInput, versionMember } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListAliases.html */
export const listAliases = operation({
  name: "ListAliases",
  method: "GET",
  path: "/2015-03-31/functions/{FunctionName}/aliases",
  status: 200,
  query: ["FunctionVersion", "Marker", "MaxItems"],
  input: z.object({
    ...pageInput({ maxItems: 10_000 }),
    FunctionVersion: versionMember.optional(),
  }),
  answer: z.object({
    NextMarker: z.string().optional(),
    Aliases: z.array(awsAliasConfigurationSchema),
  }),
  errors: ["ResourceNotFoundException"],
});
