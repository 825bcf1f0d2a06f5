import { PaddockError } from "@paddock/contracts";

export function invalidExpression(): PaddockError {
  return new PaddockError("ValidationException", "Parameter ScheduleExpression is not valid.");
}

export function invalidTimeZone(): PaddockError {
  return new PaddockError(
    "ValidationException",
    "Parameter ScheduleExpressionTimezone is not valid.",
  );
}
