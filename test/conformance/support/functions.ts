/** Functions of the Paddock that all conformance tests share. */
import { createLambdaUser } from "../../support/lambda-user.ts";
import { paddock } from "./clients.ts";

const user = createLambdaUser(paddock);

export const { createFunction, invoke, invokeWithLog, untilActive } = user;
export const lambda = user.client;
export { type FunctionPlan, ROLE_ARN, uniqueName } from "../../support/lambda-user.ts";
