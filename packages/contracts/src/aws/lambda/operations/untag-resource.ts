import { z } from "zod";
import { taggableMember } from "../members.ts";
import { operation } from "../operation.ts";
import { neverInConflict } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_UntagResource.html */
export const untagResource = operation({
  name: "UntagResource",
  method: "DELETE",
  path: "/2017-03-31/tags/{Resource}",
  status: 204,
  query: ["tagKeys"],
  queryLists: ["tagKeys"],
  input: z.object({ Resource: taggableMember, tagKeys: z.array(z.string()) }),
  errors: ["ResourceNotFoundException"],
  ungiven: neverInConflict,
});
