import { z } from "zod";
import { taggableMember } from "../members.ts";
import { operation } from "../operation.ts";
import { neverInConflict } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html */
export const tagResource = operation({
  name: "TagResource",
  method: "POST",
  path: "/2017-03-31/tags/{Resource}",
  status: 204,
  input: z.object({ Resource: taggableMember, Tags: z.record(z.string(), z.string()) }),
  errors: ["ResourceNotFoundException"],
  ungiven: neverInConflict,
});
