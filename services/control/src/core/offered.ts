import type {
  CreateFunctionRequest,
  UpdateFunctionCodeRequest,
  UpdateFunctionConfigurationRequest,
} from "@paddock/contracts/aws";
import { retiredRuntimes, supportedRuntimes } from "@paddock/contracts/aws";
import { invalid } from "./configuration.ts";

/**
 * Refuses what Paddock cannot do yet, by name: a setting that was taken and not obeyed would be
 * worse than an error. Empty settings ask for nothing and pass.
 */
export function refuseUnoffered(
  request: CreateFunctionRequest | UpdateFunctionConfigurationRequest,
): void {
  const unoffered: Record<string, boolean> = {
    VpcConfig:
      (request.VpcConfig?.SubnetIds?.length ?? 0) > 0 ||
      (request.VpcConfig?.SecurityGroupIds?.length ?? 0) > 0,
    FileSystemConfigs: (request.FileSystemConfigs?.length ?? 0) > 0,
    KMSKeyArn: (request.KMSKeyArn ?? "") !== "",
    ImageConfig: request.ImageConfig !== undefined,
    CapacityProviderConfig: request.CapacityProviderConfig !== undefined,
    DurableConfig: request.DurableConfig !== undefined,
    ...("Code" in request ? unofferedAtCreation(request) : {}),
  };
  for (const [member, isAsked] of Object.entries(unoffered)) {
    if (isAsked) throw invalid(`${member} is not offered by this version of Paddock yet.`);
  }
  if (request.SnapStart?.ApplyOn === "PublishedVersions") {
    // AWS's own text for runtimes without it.
    throw invalid(
      `${request.Runtime ?? "This runtime"} is not supported for SnapStart enabled functions.`,
    );
  }
}

function unofferedAtCreation(request: CreateFunctionRequest): Record<string, boolean> {
  return {
    "PackageType Image": request.PackageType === "Image",
    CodeSigningConfigArn: (request.CodeSigningConfigArn ?? "") !== "",
    PublishTo: request.PublishTo !== undefined,
    TenancyConfig: request.TenancyConfig !== undefined,
  };
}

/** The base64 of the zip. Only ZipFile is offered as a source. */
export function zipFileOf(
  code: Partial<Pick<UpdateFunctionCodeRequest, "ZipFile" | "S3Bucket" | "S3Key" | "ImageUri">>,
  operation: "create" | "update" | "layer",
): string {
  if (code.ImageUri !== undefined) {
    throw invalid(
      operation === "update"
        ? "Please don't provide ImageUri when updating a function with packageType Zip."
        : "ImageUri is not offered by this version of Paddock yet: give the code as ZipFile.",
    );
  }
  if (code.S3Bucket !== undefined || code.S3Key !== undefined) {
    throw invalid(
      "S3Bucket is not offered by this version of Paddock yet: give the code as ZipFile.",
    );
  }
  if (code.ZipFile === undefined) {
    throw invalid(
      operation === "layer"
        ? "Please provide a source for layer code."
        : "Please provide a source for function code.",
    );
  }
  return code.ZipFile;
}

/**
 * @param available runtimes of the workers that have reported; undefined while none has, and nothing
 * can be said.
 */
export function checkRuntime(runtime: string, available: ReadonlySet<string> | undefined): void {
  if (retiredRuntimes.has(runtime)) {
    throw invalid(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
    );
  }
  if (!supportedRuntimes.some((supported) => supported === runtime)) {
    throw invalid(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${supportedRuntimes.join(", ")}] or be a valid ARN`,
    );
  }
  if (available === undefined || available.has(runtime)) return;
  const listed = available.size === 0 ? "none" : [...available].toSorted().join(", ");
  throw invalid(
    `The runtime ${runtime} is not installed on any worker of this Paddock. Runtimes that are there: ${listed}.`,
  );
}
