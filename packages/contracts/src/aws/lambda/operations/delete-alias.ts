import { z } from "zod";
import { aliasNameMember } from "../members.ts";
import { operation } from "../operation.ts";
import { neverInConflict } from "../ungiven.ts";

/**
 * An alias that is not there is no error.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteAlias.html
 */
export const deleteAlias = operation({
  name: "DeleteAlias",
  method: "DELETE",
  path: "/2015-03-31/functions/{FunctionName}/aliases/{Name}",
  status: 204,
  input: z.object({ Name: aliasNameMember }),
  errors: ["ResourceNotFoundException"],
  ungiven: neverInConflict,
});
