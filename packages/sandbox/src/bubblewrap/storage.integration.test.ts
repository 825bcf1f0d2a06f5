/** /tmp of bubblewrap's sandboxes, in both of the things that it may be kept in. */
import { describeStorage } from "../storage/conformance.fixture.ts";
import { createBubblewrapProvider } from "./open.ts";

describeStorage({
  name: "bubblewrap, on disk",
  open: (places) => createBubblewrapProvider({ ...places, scratchStorage: "disk" }),
});

describeStorage({
  name: "bubblewrap, in memory",
  open: (places) => createBubblewrapProvider({ ...places, scratchStorage: "memory" }),
  inMemory: ": there /tmp is memory of the function",
});
