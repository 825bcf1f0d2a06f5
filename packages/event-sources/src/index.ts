export { translateUrlRequest, type UrlRequest } from "./function-url/translate.ts";
export { type NatsRecord, translateNatsRecord, type TranslatedEvent } from "./nats/translate.ts";
export { type DueSchedule, translateSchedule } from "./schedule/translate.ts";
export { UntranslatableRecordError } from "./untranslatable.ts";
