import { addPermission, getPolicy, removePermission } from "../../../../operations/policies.ts";
import {
  deleteResourcePolicy,
  getResourcePolicy,
  putResourcePolicy,
} from "../../../../operations/resource-policies.ts";
import type { Handlers } from "../call.ts";

export const policyHandlers = {
  AddPermission: (context, call) => addPermission(context, call.reference(), call.input),
  DeleteResourcePolicy: (context, call) =>
    deleteResourcePolicy(context, call.referenceOf(call.input.ResourceArn), call.input),
  GetPolicy: (context, call) => getPolicy(context, call.reference()),
  GetResourcePolicy: (context, call) =>
    getResourcePolicy(context, call.referenceOf(call.input.ResourceArn)),
  PutResourcePolicy: (context, call) =>
    putResourcePolicy(context, call.referenceOf(call.input.ResourceArn), call.input),
  RemovePermission: (context, call) => removePermission(context, call.reference(), call.input),
} satisfies Partial<Handlers>;
