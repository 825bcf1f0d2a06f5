/**
 * Splits messages, in order, into groups of at most `maxRows` rows. A message is never split; one
 * that is larger alone makes a group of its own.
 */
export function groupByRows<Message extends { readonly rows: readonly unknown[] }>(
  messages: readonly Message[],
  maxRows: number,
): Message[][] {
  const groups: Message[][] = [];
  let group: Message[] = [];
  let rows = 0;
  for (const message of messages) {
    if (group.length > 0 && rows + message.rows.length > maxRows) {
      groups.push(group);
      group = [];
      rows = 0;
    }
    group.push(message);
    rows += message.rows.length;
  }
  if (group.length > 0) groups.push(group);
  return groups;
}
