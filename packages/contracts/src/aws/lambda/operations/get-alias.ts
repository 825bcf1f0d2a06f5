import { z } from "zod";
import { awsAliasConfigurationSchema } from "../documents/alias-configuration.ts";
import { aliasNameMember } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetAlias.html */
export const getAlias = operation({
  name: "GetAlias",
  method: "GET",
  path: "/2015-03-31/functions/{FunctionName}/aliases/{Name}",
  status: 200,
  input: z.object({ Name: aliasNameMember }),
  answer: awsAliasConfigurationSchema,
  errors: ["ResourceNotFoundException"],
});
