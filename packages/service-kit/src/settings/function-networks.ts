import { z } from "zod";
import { serviceKitLimits } from "../limits.ts";
import { ipv4Range, jsonFromText } from "./schemas.ts";

/** The setting `functionNetworks`: what functions may reach beyond the outside. */

const shape =
  'must be a list of entries such as {"functions": ["orders-*"], "allow": [{"cidr": "10.1.0.0/16", "ports": [5432]}]}';
const portText = "must have ports from 1 to 65535, or ranges such as 8000-8010";

const PORT_MAX = 65_535;
const port = z.number(portText).int(portText).min(1, portText).max(PORT_MAX, portText);
const portRange = z
  .string(portText)
  .regex(/^\d{1,5}-\d{1,5}$/, portText)
  .refine((text) => {
    const [first = 0, last = 0] = text.split("-").map(Number);
    return first >= 1 && first <= last && last <= PORT_MAX;
  }, portText);

/** No packet to it ever leaves a network: whoever lists it means something else. */
const noLoopback =
  "must not list 127.0.0.0/8: each function has a loopback of its own; list an address of this machine's network";
const NO_PREFIX = 0;
const cidr = ipv4Range(NO_PREFIX).refine((text) => !text.startsWith("127."), noLoopback);

const destination = z.strictObject(
  {
    cidr,
    ports: z
      .array(z.union([port, portRange], portText), portText)
      .min(1, portText)
      .max(serviceKitLimits.allowedPorts, portText)
      .optional(),
    protocol: z.enum(["tcp", "udp"], "must have the protocol tcp or udp").optional(),
  },
  shape,
);

const functionPattern = z
  .string(shape)
  .regex(/^[a-zA-Z0-9_*-]{1,64}$/, "must name functions by their names, with * for any characters");

const entry = z.strictObject(
  {
    functions: z.array(functionPattern, shape).min(1, shape).max(serviceKitLimits.listedFunctions),
    allow: z.array(destination, shape).max(serviceKitLimits.allowedDestinations).default([]),
    lambdaApi: z.boolean("must have lambdaApi true or false").default(false),
  },
  shape,
);

export const functionNetworksSchema = z.preprocess(
  jsonFromText,
  z.array(entry, shape).max(serviceKitLimits.functionNetworks),
);

export type FunctionNetworks = z.output<typeof functionNetworksSchema>;
