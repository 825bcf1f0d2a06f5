import type { LayerPolicy } from "@paddock/contracts";
import { bigint, doublePrecision, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";

export const layers = pgTable("layers", {
  layerName: text("layer_name").primaryKey(),
  lastVersion: bigint("last_version", { mode: "number" }).notNull().default(0),
  tags: jsonb("tags").$type<Record<string, string>>().notNull().default({}),
});

export const layerVersions = pgTable(
  "layer_versions",
  {
    layerName: text("layer_name").notNull(),
    versionNumber: bigint("version_number", { mode: "number" }).notNull(),
    sha256: text("sha256").notNull(),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    unzippedBytes: bigint("unzipped_bytes", { mode: "number" }).notNull(),
    description: text("description").notNull(),
    createdAtMs: doublePrecision("created_at_ms").notNull(),
    licenseInfo: text("license_info"),
    compatibleRuntimes: jsonb("compatible_runtimes").$type<string[]>(),
    compatibleArchitectures: jsonb("compatible_architectures").$type<string[]>(),
    policy: jsonb("policy").$type<LayerPolicy>(),
  },
  (table) => [primaryKey({ columns: [table.layerName, table.versionNumber] })],
);
