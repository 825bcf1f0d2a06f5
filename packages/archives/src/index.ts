export { type ArchiveSummary, inspectZip } from "./inspect-zip.ts";
export { unpackZip } from "./unpack-zip.ts";
export { archiveLimits } from "./limits.ts";
