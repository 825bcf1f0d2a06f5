export type Environment = Readonly<Record<string, string | undefined>>;

/** The only place that reads this process's environment variables. */
export function processEnvironment(): Environment {
  return process.env;
}
