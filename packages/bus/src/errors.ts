/** Nobody subscribes to the subject: the server says so at once. */
export class NoRespondersError extends Error {
  override readonly name = "NoRespondersError";
}

/** No answer came in time. The request may have been carried out. */
export class RequestTimeoutError extends Error {
  override readonly name = "RequestTimeoutError";
}

/** The bus cannot be reached or used: not there, wrong credentials, wrong settings, or closed. */
export class BusUnavailableError extends Error {
  override readonly name = "BusUnavailableError";
}

/** JetStream did not take the message: it is not stored, and the publisher must say so. */
export class DurablePublishError extends Error {
  override readonly name = "DurablePublishError";
}
