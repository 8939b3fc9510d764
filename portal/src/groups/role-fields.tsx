import { Select } from "../ui/choices";
import { useWords } from "../words/words";
import { givable, type Group, type Role } from "./own";

export interface RoleRow {
  role: Role | "";
}

interface Props {
  group: Group;
  /** What the user has at each managed provider, in order: it is offered even where the caller could not give it. */
  now?: readonly RoleRow[];
}

/** A role at each provider that the caller manages, or none. */
export function RoleFields({ group, now }: Props) {
  const { groups: words, people } = useWords();
  return (
    <fieldset className="usa-fieldset margin-top-3" id="roles">
      <legend className="usa-legend text-bold">{words.roles.legend}</legend>
      <p className="usa-hint">{words.roles.hint}</p>
      <details>
        <summary>{words.aboutRoles.title}</summary>
        <dl>
          {(["staff", "provider-admin", "group-admin"] as const).map((role) => (
            <div key={role}>
              <dt className="text-bold">{people.role[role]}</dt>
              <dd className="margin-left-0">{words.aboutRoles[role]}</dd>
            </div>
          ))}
        </dl>
        <p>{words.aboutRoles.reports}</p>
      </details>
      {group.managed.map((at, row) => {
        const has = now?.[row]?.role;
        const roles = givable(group, at);
        const offered = has && !roles.includes(has) ? [...roles, has] : roles;
        return (
          <Select
            key={at.provider}
            name={`roles.${row}.role`}
            label={at.providerName}
            hint={at.address.join(", ")}
            none={words.roles.no}
            options={offered.map((role) => ({ value: role, label: people.role[role] }))}
          />
        );
      })}
    </fieldset>
  );
}
