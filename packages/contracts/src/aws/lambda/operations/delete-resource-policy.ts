import { z } from "zod";
import { policyResourceMember } from "../members.ts";
import { operation } from "../operation.ts";
import { neverInConflict } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteResourcePolicy.html */
export const deleteResourcePolicy = operation({
  name: "DeleteResourcePolicy",
  method: "DELETE",
  path: "/2026-07-09/resource-policy/{ResourceArn}",
  status: 204,
  query: ["RevisionId"],
  input: z.object({ ResourceArn: policyResourceMember, RevisionId: z.string().optional() }),
  errors: ["PreconditionFailedException", "ResourceNotFoundException"],
  ungiven: neverInConflict,
});
