import { describeConformance } from "../conformance.fixture.ts";
import { createProcessProvider } from "./provider.ts";

describeConformance({
  name: "process",
  open: createProcessProvider,
  cannot: { endDaemons: ": without a process-id namespace nothing holds on to them" },
});
