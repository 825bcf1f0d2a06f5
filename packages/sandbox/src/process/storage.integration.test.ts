import { describeStorage } from "../storage/conformance.fixture.ts";
import { createProcessProvider } from "./provider.ts";

describeStorage({
  name: "process",
  open: createProcessProvider,
  unbounded: ": without isolation /tmp is a directory of the host",
});
