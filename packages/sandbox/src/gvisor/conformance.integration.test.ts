import { describeConformance } from "../conformance.fixture.ts";
import { missing } from "./installed.fixture.ts";
import { createGvisorProvider } from "./open.ts";

describeConformance({
  name: "gvisor",
  open: createGvisorProvider,
  hidesProcesses: true,
  missing,
});
