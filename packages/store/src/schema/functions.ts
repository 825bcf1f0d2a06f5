import type {
  FunctionConfiguration,
  SettingDocument,
  SettingKind,
  Trigger,
} from "@paddock/contracts";
import {
  bigint,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";

/** What queries see; the tables themselves are made by `migrations/`. */
export const functions = pgTable("functions", {
  functionName: text("function_name").primaryKey(),
  functionId: uuid("function_id").notNull(),
  createdAtMs: doublePrecision("created_at_ms").notNull(),
  lastVersion: bigint("last_version", { mode: "number" }).notNull().default(0),
  reservedConcurrency: integer("reserved_concurrency"),
  tags: jsonb("tags").$type<Record<string, string>>().notNull().default({}),
});

export const functionVersions = pgTable(
  "function_versions",
  {
    functionName: text("function_name").notNull(),
    version: text("version").notNull(),
    versionNumber: bigint("version_number", { mode: "number" }).notNull(),
    configId: text("config_id").notNull(),
    revisionId: uuid("revision_id").notNull(),
    state: text("state").$type<"Pending" | "Active" | "Inactive" | "Failed">().notNull(),
    stateReason: text("state_reason"),
    stateReasonCode: text("state_reason_code"),
    lastUpdateStatus: text("last_update_status").$type<"InProgress" | "Successful" | "Failed">(),
    lastUpdateStatusReason: text("last_update_status_reason"),
    lastUpdateStatusReasonCode: text("last_update_status_reason_code"),
    codeSha256: text("code_sha256").notNull(),
    codeSizeBytes: bigint("code_size_bytes", { mode: "number" }).notNull(),
    lastModifiedMs: doublePrecision("last_modified_ms").notNull(),
    configuration: jsonb("configuration").$type<FunctionConfiguration>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.functionName, table.version] })],
);

export const functionAliases = pgTable(
  "function_aliases",
  {
    functionName: text("function_name").notNull(),
    name: text("name").notNull(),
    version: text("version").notNull(),
    additionalVersionWeights: jsonb("additional_version_weights")
      .$type<Record<string, number>>()
      .notNull()
      .default({}),
    description: text("description").notNull(),
    revisionId: uuid("revision_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.functionName, table.name] })],
);

export const functionSettings = pgTable(
  "function_settings",
  {
    functionName: text("function_name").notNull(),
    kind: text("kind").$type<SettingKind>().notNull(),
    qualifier: text("qualifier").notNull(),
    document: jsonb("document").$type<SettingDocument<SettingKind>>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.functionName, table.kind, table.qualifier] })],
);

export const codeArchives = pgTable("code_archives", {
  sha256: text("sha256").primaryKey(),
  sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
  usedAtMs: doublePrecision("used_at_ms").notNull(),
  unzippedBytes: bigint("unzipped_bytes", { mode: "number" }),
});

export const triggers = pgTable("triggers", {
  triggerId: uuid("trigger_id").primaryKey(),
  functionName: text("function_name").notNull(),
  document: jsonb("document").$type<Trigger>().notNull(),
});
