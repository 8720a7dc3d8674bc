const SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/** Browsers read two slashes of any kind as the start of a host. */
const FOREIGN_HOST = /^\/[/\\]/;

/** Browsers skip line ends and tabs inside an address, so these hide what it starts with. */
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Returns where a link of a plugin may lead, or null: the rule of the gateway, and the same corpus tests both.
 *
 * Allowed are web and mail addresses without a user or a password in them, and paths of this host.
 */
export function safeLink(target: string): string | null {
  const address = target.trim();
  if (address.startsWith("/")) return FOREIGN_HOST.test(address) || CONTROL.test(address) ? null : address;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const isAllowed = SCHEMES.has(url.protocol) && url.username === "" && url.password === "";
  return isAllowed ? url.href : null;
}
