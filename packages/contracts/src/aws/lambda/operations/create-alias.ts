import { z } from "zod";
import { awsAliasConfigurationSchema } from "../documents/alias-configuration.ts";
import {
  aliasNameMember,
  descriptionMember,
  routingConfigMember,
  versionMember,
} from "../members.ts";
import { type InputOf, operation } from "../operation.ts";
import { unlimitedAliases } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html */
export const createAlias = operation({
  name: "CreateAlias",
  method: "POST",
  path: "/2015-03-31/functions/{FunctionName}/aliases",
  status: 201,
  input: z.object({
    Name: aliasNameMember,
    FunctionVersion: versionMember,
    Description: descriptionMember.optional(),
    RoutingConfig: routingConfigMember.optional(),
  }),
  answer: awsAliasConfigurationSchema,
  errors: ["ResourceConflictException", "ResourceNotFoundException"],
  ungiven: unlimitedAliases,
});
export type CreateAliasRequest = InputOf<typeof createAlias>;
