import type { Profile } from "#/client/nouns";
import type { Problem } from "#/client/problem";
import { Button } from "#/elements/Button";
import { Field } from "#/elements/Field";
import { Switch } from "#/elements/Switch";

import type { GrantWish, Power } from "./powers";
import { CLASSES, deniedBy, isGranted, meaningOf, nameOf, namesOf, withPower } from "./powers";

interface Props {
  /** What the skill asks for. */
  declared: Profile;
  /** What can be switched here: what is declared, and what was granted before. */
  offered: Profile;
  wish: GrantWish;
  onChange: (wish: GrantWish) => void;
  /** What the gateway found wrong, where it did. */
  problem: Problem | null;
  missingSecrets: readonly string[];
}

/** The powers that a skill asks for, each with what it means; none is granted that nobody switches on. */
export function PowerSwitches({ declared, offered, wish, onChange, problem, missingSecrets }: Props) {
  const names = namesOf(offered);
  const denied = deniedBy(problem);
  if (names.length === 0) {
    return <p className="soft">The skill asks for no powers: the plugin works with its input alone.</p>;
  }
  const remark = (power: Power) => {
    if (!isGranted(wish, power)) return undefined;
    if (!declared[power.of].includes(power.value)) return "This release does not declare it any more.";
    return denied.includes(nameOf(power)) ? "The policy of this gateway does not allow it." : undefined;
  };
  return (
    <fieldset className="powers">
      <legend>What it may do</legend>
      <p className="row soft powers-lead">
        Nothing is granted that you do not switch on.
        <Button onClick={() => onChange({ ...wish, granted: declared })}>Grant all that it asks for</Button>
      </p>
      {CLASSES.filter(([of]) => offered[of].length > 0).map(([of, title]) => (
        <div key={of} className="power-class" role="group" aria-label={title}>
          <h3 className="inner-title">{title}</h3>
          {offered[of].map((value) => {
            const power: Power = { of, value };
            const isMissing = of === "secrets" && missingSecrets.includes(value);
            return (
              <div key={value}>
                <Switch
                  label={<code>{value}</code>}
                  about={meaningOf(power) + (isMissing ? " It is not there yet." : "")}
                  isOn={isGranted(wish, power)}
                  problem={remark(power)}
                  onChange={(isOn) => onChange(withPower(wish, power, isOn))}
                />
                {of === "secrets" && isGranted(wish, power) && <SecretHosts name={value} wish={wish} onChange={onChange} problem={problem} />}
              </div>
            );
          })}
        </div>
      ))}
    </fieldset>
  );
}

type HostsProps = Pick<Props, "wish" | "onChange" | "problem"> & { name: string };

/** Where a secret may be sent. */
function SecretHosts({ name, wish, onChange, problem }: HostsProps) {
  return (
    <div className="switch-more">
      <Field
        label={`Hosts that ${name} may be sent to`}
        hint="With commas between. Without any, it can only sign."
        problem={problem?.code === "INVALID_ORIGIN" ? problem.message : undefined}
      >
        {(ties) => (
          <input
            {...ties}
            className="mono"
            value={wish.hosts[name] ?? ""}
            spellCheck={false}
            autoComplete="off"
            placeholder={wish.granted.http_hosts[0] ?? "api.example.com"}
            onChange={(event) => onChange({ ...wish, hosts: { ...wish.hosts, [name]: event.target.value } })}
          />
        )}
      </Field>
    </div>
  );
}
