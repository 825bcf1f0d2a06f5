import {
  type Database,
  deleteFunction,
  deleteVersion,
  insertFunction,
  listFunctionVersions,
  listUnsettledFunctions,
  listVersions,
  readAllFunctions,
  readFunction,
  readFunctionWithVersions,
  readVersion,
  replaceVersion,
} from "@paddock/store";
import type { FunctionStore } from "../ports.ts";

/** The port in terms of the store package: rows are kept as they are. */
export function storedFunctions(database: Database): FunctionStore {
  return {
    readFunction: (functionName) => readFunction(database, functionName),
    readWhole: (functionName) => readFunctionWithVersions(database, functionName),
    readVersion: (functionName, version) => readVersion(database, functionName, version),
    insert: (row, versions) => insertFunction(database, row, versions),
    replace: (fromRevisionId, version, published) =>
      replaceVersion(database, fromRevisionId, version, published),
    deleteFunction: (functionName) => deleteFunction(database, functionName),
    deleteVersion: (functionName, version) => deleteVersion(database, functionName, version),
    listVersions: (page) => listVersions(database, page),
    listFunctionVersions: (page) => listFunctionVersions(database, page),
    readAll: () => readAllFunctions(database),
    listUnsettled: () => listUnsettledFunctions(database),
  };
}
