/** Why errors of AWS's model cannot come about in Paddock. */

export const codeSigning = {
  CodeSigningConfigNotFoundException: "code signing is not offered",
  CodeVerificationFailedException: "code signing is not offered",
  InvalidCodeSignatureException: "code signing is not offered",
} as const;

export const managedInstances = {
  FunctionVersionsPerCapacityProviderLimitExceededException: "capacity providers are not offered",
} as const;

export const unlimitedAliases = {
  AliasLimitExceededException: "a function may have any number of aliases",
} as const;

/** Changes that an update under way does not stand in the way of. */
export const neverInConflict = {
  ResourceConflictException: "it can be changed while the function is being updated",
} as const;

export const blockedPublicPolicies = {
  PublicPolicyException: "public access is not blocked for the account",
} as const;
