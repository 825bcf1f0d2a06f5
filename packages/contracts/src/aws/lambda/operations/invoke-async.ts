import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_InvokeAsync.html */
export const invokeAsync = operation({
  name: "InvokeAsync",
  method: "POST",
  path: "/2014-11-13/functions/{FunctionName}/invoke-async",
  status: 202,
  errors: [
    "InvalidRequestContentException",
    "RequestTooLargeException",
    "ResourceConflictException",
    "ResourceNotFoundException",
  ],
  ungiven: {
    InvalidRuntimeException: "a function's runtime is checked when the function is made",
  },
});
