/** Enumerations of function states. Source: State, LastUpdateStatus and StateReasonCode of the Lambda service model. */

export const functionStates = [
  "Pending",
  "Active",
  "Inactive",
  "Failed",
  "Deactivating",
  "Deactivated",
  "ActiveNonInvocable",
  "Deleting",
] as const;
export type FunctionState = (typeof functionStates)[number];

export const lastUpdateStatuses = ["Successful", "Failed", "InProgress"] as const;
export type LastUpdateStatus = (typeof lastUpdateStatuses)[number];

export const stateReasonCodes = [
  "Idle",
  "Creating",
  "Restoring",
  "EniLimitExceeded",
  "InsufficientRolePermissions",
  "InvalidConfiguration",
  "InternalError",
  "SubnetOutOfIPAddresses",
  "InvalidSubnet",
  "InvalidSecurityGroup",
  "ImageDeleted",
  "ImageAccessDenied",
  "InvalidImage",
  "KMSKeyAccessDenied",
  "KMSKeyNotFound",
  "InvalidStateKMSKey",
  "DisabledKMSKey",
  "EFSIOError",
  "EFSMountConnectivityError",
  "EFSMountFailure",
  "EFSMountTimeout",
  "InvalidRuntime",
  "InvalidZipFileException",
  "FunctionError",
  "DrainingDurableExecutions",
  "VcpuLimitExceeded",
  "CapacityProviderScalingLimitExceeded",
  "InsufficientCapacity",
  "EC2RequestLimitExceeded",
  "FunctionError.InitTimeout",
  "FunctionError.RuntimeInitError",
  "FunctionError.ExtensionInitError",
  "FunctionError.InvalidEntryPoint",
  "FunctionError.InvalidWorkingDirectory",
  "FunctionError.PermissionDenied",
  "FunctionError.TooManyExtensions",
  "FunctionError.InitResourceExhausted",
  "DisallowedByVpcEncryptionControl",
] as const;
export type StateReasonCode = (typeof stateReasonCodes)[number];
