import { describeConformance } from "../conformance.fixture.ts";
import { createBubblewrapProvider } from "./open.ts";

describeConformance({ name: "bubblewrap", open: createBubblewrapProvider });
