import {
  countFunctions,
  type Database,
  deleteAlias,
  deleteFunction,
  deleteVersion,
  insertAlias,
  insertFunction,
  listAliases,
  listFunctionVersions,
  listUnsettledFunctions,
  listVersions,
  readAlias,
  readAllFunctions,
  readFunction,
  readWholeFunction,
  readVersion,
  replaceAlias,
  replaceVersion,
  setReservedConcurrency,
  sumCodeBytes,
  sumReservedConcurrency,
} from "@paddock/store";
import type { FunctionStore } from "../ports.ts";

/** The port in terms of the store package: rows are kept as they are. */
export function storedFunctions(database: Database): FunctionStore {
  return {
    readFunction: (functionName) => readFunction(database, functionName),
    readWhole: (functionName) => readWholeFunction(database, functionName),
    readVersion: (functionName, version) => readVersion(database, functionName, version),
    insert: (row, versions) => insertFunction(database, row, versions),
    replace: (fromRevisionId, version, published) =>
      replaceVersion(database, fromRevisionId, version, published),
    setReservedConcurrency: (functionName, value) =>
      setReservedConcurrency(database, functionName, value),
    sumReservedConcurrency: (except) => sumReservedConcurrency(database, except),
    countFunctions: () => countFunctions(database),
    sumCodeBytes: () => sumCodeBytes(database),
    deleteFunction: (functionName) => deleteFunction(database, functionName),
    deleteVersion: (functionName, version) => deleteVersion(database, functionName, version),
    listVersions: (page) => listVersions(database, page),
    listFunctionVersions: (page) => listFunctionVersions(database, page),
    readAlias: (functionName, name) => readAlias(database, functionName, name),
    listAliases: (page) => listAliases(database, page),
    insertAlias: (alias) => insertAlias(database, alias),
    replaceAlias: (fromRevisionId, alias) => replaceAlias(database, fromRevisionId, alias),
    deleteAlias: (functionName, name) => deleteAlias(database, functionName, name),
    readAll: () => readAllFunctions(database),
    listUnsettled: () => listUnsettledFunctions(database),
  };
}
