/** /tmp of sandboxes on gVisor, in both of the things that it may be kept in. */
import { describeStorage } from "../storage/conformance.fixture.ts";
import { missing } from "./installed.fixture.ts";
import { createGvisorProvider } from "./open.ts";

// Left out where there is no gVisor, with the reason in the name.
describeStorage({
  name: "gvisor, on disk",
  open: (places) => createGvisorProvider({ ...places, scratchStorage: "disk" }),
  keeps: ": gVisor holds on to what is mounted at its start",
  hasOwnDevices: true,
  missing,
});

describeStorage({
  name: "gvisor, in memory",
  open: (places) => createGvisorProvider({ ...places, scratchStorage: "memory" }),
  inMemory: ": there /tmp is memory of the function",
  keeps: ": gVisor holds on to what is mounted at its start",
  hasOwnDevices: true,
  missing,
});
