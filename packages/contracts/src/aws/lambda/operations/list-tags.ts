import { z } from "zod";
import { taggableMember } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListTags.html */
export const listTags = operation({
  name: "ListTags",
  method: "GET",
  path: "/2017-03-31/tags/{Resource}",
  status: 200,
  input: z.object({ Resource: taggableMember }),
  answer: z.object({ Tags: z.record(z.string(), z.string()) }),
  errors: ["ResourceNotFoundException"],
});
