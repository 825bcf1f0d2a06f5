/** Settles like `work`, or rejects with `message` after `timeoutMs`. Does not end the work itself. */
export async function withDeadline<Value>(
  work: Promise<Value>,
  timeoutMs: number,
  message: string,
): Promise<Value> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(message)), timeoutMs);
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}
