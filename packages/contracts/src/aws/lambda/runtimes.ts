/**
 * Runtime identifiers. Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html and
 * the Runtime enumeration of the service model; ../shared/spec/lambda-spec.md §11.1.
 *
 * Runtimes that AWS is phasing out but people still deploy (nodejs20.x, provided.al2, …) are accepted.
 */
export const supportedRuntimes = [
  "nodejs20.x",
  "nodejs22.x",
  "nodejs24.x",
  "nodejs26.x",
  "python3.10",
  "python3.11",
  "python3.12",
  "python3.13",
  "python3.14",
  "python3.15",
  "java8.al2",
  "java8.al2023",
  "java11",
  "java11.al2023",
  "java17",
  "java17.al2023",
  "java21",
  "java25",
  "dotnet8",
  "dotnet10",
  "ruby3.2",
  "ruby3.3",
  "ruby3.4",
  "ruby4.0",
  "provided.al2",
  "provided.al2023",
] as const;

/** Known, and refused with AWS's text for retired runtimes. */
export const retiredRuntimes: ReadonlySet<string> = new Set([
  "nodejs",
  "nodejs4.3",
  "nodejs4.3-edge",
  "nodejs6.10",
  "nodejs8.10",
  "nodejs10.x",
  "nodejs12.x",
  "nodejs14.x",
  "nodejs16.x",
  "nodejs18.x",
  "python2.7",
  "python3.6",
  "python3.7",
  "python3.8",
  "python3.9",
  "java8",
  "dotnetcore1.0",
  "dotnetcore2.0",
  "dotnetcore2.1",
  "dotnetcore3.1",
  "dotnet6",
  "ruby2.5",
  "ruby2.7",
  "go1.x",
  "provided",
]);

/** Every identifier that there is or was: what a layer may say that it goes with. */
export const allRuntimes: readonly string[] = [...retiredRuntimes, ...supportedRuntimes];
