import { z } from "zod";
import { awsAliasConfigurationSchema } from "../documents/alias-configuration.ts";
import {
  aliasNameMember,
  descriptionMember,
  routingConfigMember,
  versionMember,
} from "../members.ts";
import { type InputOf, operation } from "../operation.ts";
import { neverInConflict } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html */
export const updateAlias = operation({
  name: "UpdateAlias",
  method: "PUT",
  path: "/2015-03-31/functions/{FunctionName}/aliases/{Name}",
  status: 200,
  input: z.object({
    Name: aliasNameMember,
    FunctionVersion: versionMember.optional(),
    Description: descriptionMember.optional(),
    RoutingConfig: routingConfigMember.optional(),
    RevisionId: z.string().optional(),
  }),
  answer: awsAliasConfigurationSchema,
  errors: ["PreconditionFailedException", "ResourceNotFoundException"],
  ungiven: neverInConflict,
});
export type UpdateAliasRequest = InputOf<typeof updateAlias>;
