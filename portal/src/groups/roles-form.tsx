import { useState } from "react";
import { useKept } from "../api/kept";
import { Button } from "../ui/button";
import { FormConflict } from "../ui/conflict";
import { Form, useFields } from "../ui/form";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import type { Group } from "./own";
import { atRows, changes, rowsOf } from "./parts";
import { RoleFields, type RoleRow } from "./role-fields";
import type { Save, User } from "./user";

/** The roles of a user at the providers that the caller manages. */
export function RolesForm({ group, user, owner, save }: { group: Group; user: User; owner: string; save: Save }) {
  const { groups: words, people } = useWords();
  const form = useFields<{ roles: RoleRow[] }>({ roles: rowsOf(group, user) });
  useKept(form, `roles ${user.username}`, owner);
  const [told, tell] = useState<string>();
  const [theirs, setTheirs] = useState<RoleRow[]>();
  const label = (row: RoleRow | undefined) => (row?.role ? people.role[row.role] : words.roles.no);
  return (
    <>
      {told && <Told>{told}</Told>}
      {theirs && (
        <FormConflict
          form={form}
          theirs={{ roles: theirs }}
          differences={group.managed.flatMap(({ provider, providerName }, row) => {
            const mine = form.getValues(`roles.${row}`);
            return mine.role === theirs[row]?.role ? [] : [{ key: provider, label: providerName, theirs: label(theirs[row]), mine: label(mine) }];
          })}
          onSettled={() => setTheirs(undefined)}
        />
      )}
      <Form
        form={form}
        label={words.roles.legend}
        send={async ({ roles }) => {
          tell(undefined);
          const before = (form.formState.defaultValues?.roles ?? []) as RoleRow[];
          const { parts, rows } = changes(group, before, roles);
          if (parts.length === 0) return tell(words.user.nothing);
          const { saved, theirs: now } = await save({ roles: parts }).catch((thrown: unknown) => {
            throw atRows(thrown, rows);
          });
          if (!saved) return setTheirs(rowsOf(group, now));
          form.reset({ roles: rowsOf(group, saved) });
          return tell(people.saved);
        }}
      >
        <RoleFields group={group} now={rowsOf(group, user)} />
        <Button type="submit" busy={form.formState.isSubmitting}>
          {words.user.saveRoles}
        </Button>
      </Form>
    </>
  );
}
