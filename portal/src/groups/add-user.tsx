import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../api/client";
import { useZones } from "../api/contracts";
import { useIntent } from "../api/intent";
import { useKept } from "../api/kept";
import type { Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { Button, ButtonLink } from "../ui/button";
import { NOBODY, newContact, type Contact } from "../ui/contact";
import { ContactFields } from "../ui/contact-fields";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Time } from "../ui/time";
import { useWords } from "../words/words";
import { InGroup } from "./group";
import type { Group } from "./own";
import { atRows, changes, rowsOf } from "./parts";
import { RoleFields, type RoleRow } from "./role-fields";

export function AddUser() {
  return <InGroup title={useWords().groups.user.add}>{(group, { username }) => <Add group={group} owner={username} />}</InGroup>;
}

/** A new user of the group, who gets a link by mail. */
function Add({ group, owner }: { group: Group; owner: string }) {
  const { groups: words, people } = useWords();
  const [added, setAdded] = useState<Schemas["AddedUser"]>();
  const zone = useZones(group.providers.map(({ contract }) => contract))(group.providers[0]?.contract);
  return (
    <>
      {added && (
        <Alert tone="success" title={words.user.added(`${added.user.firstName} ${added.user.lastName}`)}>
          <p>{people.linkSent}</p>
          {added.linkValidUntil && (
            <p>
              {people.works} <Time at={added.linkValidUntil} zone={zone} />.
            </p>
          )}
        </Alert>
      )}
      {added ? (
        <div className="usa-button-group">
          <ButtonLink to={`/setup/${group.id}/users`}>{words.user.toList}</ButtonLink>
          <Button look="outline" onClick={() => setAdded(undefined)}>
            {words.users.add}
          </Button>
        </div>
      ) : (
        <UserForm group={group} owner={owner} onAdded={setAdded} />
      )}
    </>
  );
}

function UserForm({ group, owner, onAdded }: { group: Group; owner: string; onAdded: (added: Schemas["AddedUser"]) => void }) {
  const { groups: words, people } = useWords();
  const queries = useQueryClient();
  const intent = useIntent();
  const blank = rowsOf(group);
  // A user of the only provider there is has a role there: the standard one.
  const roles: RoleRow[] = blank.length === 1 ? [{ role: "staff" }] : blank;
  const form = useFields<{ username: string; contact: Contact; roles: RoleRow[] }>({ username: "", contact: NOBODY, roles });
  useKept(form, `add-user ${group.id}`, owner);
  return (
    <Form
      form={form}
      send={async ({ username, contact, roles: typed }) => {
        const { parts, rows } = changes(group, blank, typed);
        const user = { username, contact: newContact(contact), roles: parts };
        const call = (header: { "Idempotency-Key": string }) => body(api.POST("/groups/{id}/users", { params: { path: { id: group.id }, header }, body: user }));
        const added = await intent.send(call).catch((thrown: unknown) => {
          throw atRows(thrown, rows);
        });
        form.reset();
        void queries.invalidateQueries({ queryKey: ["users", group.id] });
        onAdded(added);
      }}
    >
      <h2>{words.user.account}</h2>
      <Field name="username" label={people.username} hint={people.usernameHint} required plain />
      <RoleFields group={group} />
      <h2>{words.user.contact}</h2>
      <ContactFields />
      <Button type="submit" busy={form.formState.isSubmitting}>
        {words.user.create}
      </Button>
    </Form>
  );
}
