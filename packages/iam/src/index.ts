export { type Principal, type RequestToVerify, verifyRequest } from "./verify-request.ts";
export {
  presignRequest,
  type RequestToPresign,
  type RequestToSign,
  type SigningCredentials,
  signRequest,
} from "./sign-request.ts";
export { iamLimits } from "./limits.ts";
