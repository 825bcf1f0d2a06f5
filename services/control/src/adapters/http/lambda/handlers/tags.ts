import { listTags, tagResource, untagResource } from "../../../../operations/tags.ts";
import type { Call, Handlers } from "../call.ts";

export const tagHandlers = {
  ListTags: (context, call) => listTags(context, tagCall(call)),
  TagResource: (context, call) => tagResource(context, tagCall(call), call.input.Tags),
  UntagResource: (context, call) => untagResource(context, tagCall(call), call.input.tagKeys),
} satisfies Partial<Handlers>;

function tagCall(call: Call<{ Resource: string }>) {
  const { Resource: resourceArn } = call.input;
  return { resourceArn, reference: () => call.referenceOf(resourceArn) };
}
