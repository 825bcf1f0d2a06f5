import {
  addLayerVersionPermission,
  getLayerVersionPolicy,
  removeLayerVersionPermission,
} from "../../../../operations/layer-policies.ts";
import { deleteLayerVersion, publishLayerVersion } from "../../../../operations/layers.ts";
import {
  getLayerVersion,
  getLayerVersionByArn,
  listLayers,
  listLayerVersions,
} from "../../../../operations/read-layers.ts";
import type { Handlers } from "../call.ts";

export const layerHandlers = {
  AddLayerVersionPermission: (context, call) => addLayerVersionPermission(context, call.input),
  DeleteLayerVersion: (context, call) => deleteLayerVersion(context, call.input),
  GetLayerVersion: (context, call) => getLayerVersion(context, call.input),
  GetLayerVersionByArn: (context, call) => getLayerVersionByArn(context, call.input.Arn),
  GetLayerVersionPolicy: (context, call) => getLayerVersionPolicy(context, call.input),
  ListLayers: (context, call) => listLayers(context, call.input),
  ListLayerVersions: (context, call) => listLayerVersions(context, call.input),
  PublishLayerVersion: (context, call) => publishLayerVersion(context, call.input),
  RemoveLayerVersionPermission: (context, call) =>
    removeLayerVersionPermission(context, call.input),
} satisfies Partial<Handlers>;
