import { z } from "zod";
import { configurationMembers } from "./members.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html */
export const updateFunctionConfigurationRequestSchema = z.object({
  ...configurationMembers,
  RevisionId: z.string().optional(),
});
export type UpdateFunctionConfigurationRequest = z.output<
  typeof updateFunctionConfigurationRequestSchema
>;
