import { settingCatalogue, settingNames } from "@paddock/service-kit";
import { z } from "zod";
import type { CommandSettings } from "./command-settings.ts";

/** A setting as `paddock config` shows it: the value of a secret is never in here. */
export const describedSettingSchema = z.object({
  name: z.string(),
  /** Null where nobody has supplied it yet. */
  value: z.json(),
  origin: z.string(),
});
export type DescribedSetting = z.output<typeof describedSettingSchema>;

const SUPPLIED = "paddock up";

export function describeSettings(settings: CommandSettings): DescribedSetting[] {
  return settingNames.map((name) => {
    const { secret } = settingCatalogue[name];
    const { value, origin } = settings.resolved.get(name) ?? {};
    const shown = secret === true && value !== undefined ? "(secret)" : (value ?? null);
    return describedSettingSchema.parse({
      name,
      value: shown,
      origin: origin === undefined || origin === "supplied" ? SUPPLIED : origin,
    });
  });
}
