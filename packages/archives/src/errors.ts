import { limits, PaddockError } from "@paddock/contracts";

/** AWS's texts for archives. Source: ../shared/spec/lambda-spec.md §1.7. */

/** The client sees AWS's one text; `why` is the cause, for the log. */
export function notUnzippable(why: string): PaddockError {
  return new PaddockError(
    "InvalidParameterValueException",
    "Could not unzip uploaded file. Please check your file, then try to upload again.",
    { cause: new Error(why) },
  );
}

export function unzippedTooLarge(): PaddockError {
  return new PaddockError(
    "InvalidParameterValueException",
    `Unzipped size must be smaller than ${limits.unzippedCodeBytes} bytes`,
  );
}

export function zippedTooLarge(): PaddockError {
  return new PaddockError(
    "RequestEntityTooLargeException",
    `Zipped size must be smaller than ${limits.zippedCodeBytes} bytes`,
  );
}

export function emptyArchive(): PaddockError {
  return new PaddockError(
    "InvalidParameterValueException",
    "Uploaded file must be a non-empty zip",
  );
}

export function tooManyEntries(): PaddockError {
  return new PaddockError(
    "InvalidParameterValueException",
    `The archive must have fewer than ${limits.codeArchiveEntries} files and directories`,
  );
}
