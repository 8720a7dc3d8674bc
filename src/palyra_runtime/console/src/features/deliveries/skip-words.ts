/** Why a plugin could not run, by the cause that a skip records. */
const WORDS: Readonly<Record<string, string>> = {
  plugin_unbound: "its plugin was not bound",
  plugin_disabled: "its plugin was disabled",
  skill_not_enabled: "no release of its skill was enabled",
  skill_quarantined: "its skill was in quarantine",
  module_missing: "the release has no module of this name",
  module_changed: "the module was not the one that the grants were given to",
  artifact_erased: "the artifact is not kept any more",
  artifact_refused: "this version does not open the artifact",
  config_missing: "its plugin had no configuration",
  config_erased: "its configuration is not kept any more",
  config_invalid: "its configuration was not what the skill asks for",
  config_requires_migration: "its configuration was made for an older contract",
};

/** Returns why a delivery was skipped, in words; a cause that is not known is told as it is. */
export function skipWords(cause: string | null): string {
  return WORDS[cause ?? ""] ?? cause ?? "nobody knows why";
}
