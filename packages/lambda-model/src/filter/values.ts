/** JSON as values; what filters look at. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A test of one field. `undefined` stands for a field that the document does not have. */
export type Test = (value: JsonValue | undefined) => boolean;

/** A pattern that is none; turned into AWS's error text at the package's door. */
export class InvalidPattern extends Error {
  override readonly name = "InvalidPattern";
}
