/** The error in which a call of the SDK ends, as its user meets it. */
export interface Refusal {
  readonly code: string;
  readonly status: number | undefined;
  readonly message: string;
}

export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error) || !("$metadata" in error)) throw error;
    const { httpStatusCode } = error.$metadata as { httpStatusCode?: number };
    return { code: error.name, status: httpStatusCode, message: error.message };
  }
  throw new Error("the call was expected to be refused, and succeeded");
}
