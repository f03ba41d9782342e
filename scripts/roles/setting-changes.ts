import { dotted, identifier, literal } from "../../shared/quote.ts";
import type { Change } from "./change.ts";
import { type LoginRole, type SessionSetting, SUPERUSERS_SETTINGS } from "./definition.ts";
import type { ServerRole } from "./server-role.ts";

/** What gives a role's sessions the settings that are defined, and no others: everybody may change those of their own role. */
export function settingChanges(role: LoginRole, existing: ServerRole | undefined): Change[] {
  const name = identifier(role.name);
  const change = (line: string, statement: string, topic: Change["topic"] = "role"): Change => ({
    topic,
    line: `${role.name}: ${line}`,
    statement: `alter role ${name} ${statement}`,
  });
  const missing = Object.entries(role.settings).flatMap(([setting, value]) => {
    const before = existing?.settings[setting as SessionSetting];
    if (before === value) return [];
    const instead = before === undefined ? "" : ` instead of ${before}`;
    const topic = SUPERUSERS_SETTINGS.includes(setting) ? "setting" : "role";
    return [change(`${setting} ${value}${instead}`, `set ${setting} = ${literal(value)}`, topic)];
  });
  if (!existing) return missing;
  const { settings, overrides, database } = existing;
  const kept = role.settingsLeft ?? [];
  return [
    ...missing,
    ...Object.entries(settings)
      .filter(([setting]) => !(setting in role.settings) && !kept.includes(setting))
      .map(([setting, value]) => change(`no longer ${setting} ${value}`, `reset ${dotted(setting)}`)),
    ...overrides
      .filter((setting) => !kept.includes(setting))
      .map((setting) =>
        change(
          `${setting} no longer different in this database`,
          `in database ${identifier(database)} reset ${dotted(setting)}`,
        ),
      ),
  ];
}
