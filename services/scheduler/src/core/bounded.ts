/**
 * Runs jobs with at most `width` of them under way; takes the next one only when there is room, so
 * that an iterable may make them as it goes. Jobs must not reject.
 */
export async function runBounded(
  jobs: Iterable<() => Promise<void>>,
  width: number,
): Promise<void> {
  const iterator = jobs[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let job = iterator.next(); job.done !== true; job = iterator.next()) await job.value();
  };
  await Promise.all(Array.from({ length: width }, lane));
}
