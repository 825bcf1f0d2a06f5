import {
  environmentVariableOf,
  flagOf,
  settingCatalogue,
  settingNames,
  type SettingName,
} from "./catalogue.ts";
import { settingText } from "./setting-text.ts";
import { type Setting, type SettingGroup, settingGroups } from "./setting.ts";

const headings: Readonly<Record<SettingGroup, string>> = {
  paths: "Files",
  network: "Network",
  account: "Account",
  functions: "Functions",
  secrets: "Secrets",
  process: "Services",
};

const introduction = `# Settings

Every setting can be given as a flag of \`paddock up\` (\`npm start -- --port 5000\`), as an environment variable, or as a key of
\`paddock.config.json\` in the current directory (\`--config <file>\` or \`PADDOCK_CONFIG\` name another file). A flag wins over a variable, a variable
over the file, the file over the default. \`npx paddock config\` prints what is in force and where it came from.

This page is generated from packages/service-kit/src/settings; \`vitest run packages/service-kit -u\` writes it again.
`;

/** Without machine-dependent figures, so that the page is the same everywhere. */
function defaultOf(setting: Setting): string {
  if (setting.presence === "supplied") return setting.suppliedText;
  if (setting.fallbackText !== undefined) return setting.fallbackText;
  const value = setting.fallback({ host: "", port: 0, machineMemoryMb: 0 });
  return `\`${settingText(value)}\``;
}

function row(name: SettingName): string {
  const setting = settingCatalogue[name];
  const cells = [
    `\`${name}\``,
    `\`${flagOf(name)} <${setting.valueName}>\`<br>\`${environmentVariableOf(name)}\``,
    defaultOf(setting),
    setting.help,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** docs/config.md. */
export function renderSettingsDocument(): string {
  const sections = settingGroups.map((group) => {
    const rows = settingNames.filter((name) => settingCatalogue[name].group === group).map(row);
    return `## ${headings[group]}\n\n| key | flag, variable | default | meaning |\n|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  return [introduction, ...sections].join("\n");
}
