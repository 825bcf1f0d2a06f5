import {
  type Database,
  deleteLayerVersion,
  insertLayerVersion,
  listLatestLayerVersions,
  listLayerVersions,
  readLayerTags,
  readLayerVersion,
  setLayerPolicy,
  setLayerTags,
} from "@paddock/store";
import type { LayerStore } from "../ports.ts";

/** The port in terms of the store package: rows are kept as they are. */
export function storedLayers(database: Database): LayerStore {
  return {
    insert: (version) => insertLayerVersion(database, version),
    read: (key) => readLayerVersion(database, key),
    listVersions: (page) => listLayerVersions(database, page),
    listLatest: (page) => listLatestLayerVersions(database, page),
    delete: (key) => deleteLayerVersion(database, key),
    readTags: (layerName) => readLayerTags(database, layerName),
    setTags: (layerName, tags) => setLayerTags(database, layerName, tags),
    setPolicy: (key, policy) => setLayerPolicy(database, key, policy),
  };
}
