import { z } from "zod";

/** What keeps a function's processes from everything else; `process` is nothing at all. */
export const isolationSchema = z.enum(["bubblewrap", "gvisor", "process"]);
export type Isolation = z.output<typeof isolationSchema>;
