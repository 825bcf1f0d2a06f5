/**
 * Resolves when everything that a process wrote to its pipes before the message that was just read
 * has been read too. One turn of the loop is not enough: the read that brought the message may have
 * brought more than the poll had announced, and the pipes were then not looked at. So: to the end
 * of this turn, and through the poll of the next.
 */
export function outputDrained(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => setImmediate(resolve));
  });
}
