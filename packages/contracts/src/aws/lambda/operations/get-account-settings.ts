import { z } from "zod";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html */
export const getAccountSettings = operation({
  name: "GetAccountSettings",
  method: "GET",
  path: "/2016-08-19/account-settings",
  status: 200,
  answer: z.object({
    AccountLimit: z.object({
      TotalCodeSize: z.number(),
      CodeSizeUnzipped: z.number(),
      CodeSizeZipped: z.number(),
      ConcurrentExecutions: z.number(),
      UnreservedConcurrentExecutions: z.number(),
    }),
    AccountUsage: z.object({ TotalCodeSize: z.number(), FunctionCount: z.number() }),
  }),
  errors: [],
});
