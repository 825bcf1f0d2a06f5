/** As much of a name server as tests need: every name has one IPv4 address. RFC 1035, section 4. */
const HEADER_BYTES = 12;
const TYPE_A = 1;

export function answerLookup(query: Buffer, address: string): Buffer {
  const endOfName = query.indexOf(0, HEADER_BYTES);
  const question = query.subarray(HEADER_BYTES, endOfName + 5);
  const isForIpv4 = query.readUInt16BE(endOfName + 1) === TYPE_A;
  const header = Buffer.from([...query.subarray(0, 2), 0x81, 0x80, 0, 1, 0, isForIpv4 ? 1 : 0]);
  // The name (a reference to the question's), type A, class IN, a minute, 4 bytes.
  const answer = [0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, 60, 0, 4];
  const bytes = isForIpv4 ? [...answer, ...address.split(".").map(Number)] : [];
  return Buffer.concat([header, Buffer.alloc(4), question, Buffer.from(bytes)]);
}
