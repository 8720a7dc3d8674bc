import type { BodyOf } from "#/client/ask";
import type { Profile } from "#/client/nouns";
import type { Problem } from "#/client/problem";

export type PowerClass = keyof Profile;

/** One value that can be granted. */
export interface Power {
  of: PowerClass;
  value: string;
}

/** What it means to grant a value of a class. */
const MEANINGS: Readonly<Record<PowerClass, (value: string) => string>> = {
  http_hosts: (host) => `Ask https://${host} for things, and send things there.`,
  secrets: () => "Use it without seeing it: sign with it, and send it to the hosts named here.",
  storage_prefixes: (prefix) => `Keep values of its own below “${prefix}”, and read them again.`,
  channels: (name) => `Send messages to the channel “${name}”.`,
};

export const CLASSES: ReadonlyArray<readonly [of: PowerClass, title: string, option: string]> = [
  ["http_hosts", "HTTP hosts", "http-host"],
  ["secrets", "Secrets", "secret"],
  ["storage_prefixes", "Storage", "storage-prefix"],
  ["channels", "Channels", "channel"],
];

/** What somebody grants: values by class, and where each secret may be sent, as it is typed. */
export interface GrantWish {
  granted: Profile;
  hosts: Readonly<Record<string, string>>;
}

export const NOTHING: GrantWish = { granted: { http_hosts: [], secrets: [], storage_prefixes: [], channels: [] }, hosts: {} };

/** Returns what granting a value means. */
export function meaningOf({ of, value }: Power): string {
  return MEANINGS[of](value);
}

/** Returns whether a value is granted. */
export function isGranted({ granted }: GrantWish, { of, value }: Power): boolean {
  return granted[of].includes(value);
}

/** Returns a wish with one value more or less. */
export function withPower(wish: GrantWish, { of, value }: Power, isOn: boolean): GrantWish {
  const others = wish.granted[of].filter((each) => each !== value);
  return { ...wish, granted: { ...wish.granted, [of]: isOn ? [...others, value].sort() : others } };
}

/** Returns everything that a profile has, with its class: `http_hosts: api.example.com`, as the gateway names it. */
export function namesOf(profile: Profile): string[] {
  return CLASSES.flatMap(([of]) => profile[of].map((value) => nameOf({ of, value })));
}

/** Returns how the gateway names a value. */
export function nameOf({ of, value }: Power): string {
  return `${of}: ${value}`;
}

/** Returns all that may be in a profile, or in another one. */
export function joined(one: Profile, other: Profile): Profile {
  const both = (of: PowerClass) => [...new Set([...one[of], ...other[of]])].sort();
  return { http_hosts: both("http_hosts"), secrets: both("secrets"), storage_prefixes: both("storage_prefixes"), channels: both("channels") };
}

/** Returns the hosts of a text in which they stand with commas or spaces between. */
export function hostsOf(text: string | undefined): string[] {
  return (text ?? "").split(/[\s,]+/).filter((each) => each !== "");
}

type Granted = Pick<BodyOf<"plugins.bind">, PowerClass | "secret_hosts">;

/** Returns the part of a body that says what is granted. */
export function grantsBody({ granted, hosts }: GrantWish): Granted {
  return { ...granted, secret_hosts: Object.fromEntries(granted.secrets.map((name) => [name, hostsOf(hosts[name])])) };
}

/** Returns the same as options of a command. */
export function grantOptions({ granted, hosts }: GrantWish): Record<string, readonly string[]> {
  const powers = Object.fromEntries(CLASSES.map(([of, , option]) => [option, granted[of]]));
  return { ...powers, "secret-host": granted.secrets.flatMap((name) => hostsOf(hosts[name]).map((host) => `${name}=${host}`)) };
}

/** Returns the values that the gateway did not grant, as it names them. */
export function deniedBy(problem: Problem | null): readonly string[] {
  const denied = problem?.code === "CAPABILITY_DENIED" ? problem.details["denied"] : undefined;
  return Array.isArray(denied) ? denied.map(String) : [];
}
