import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../api/client";
import { useZones } from "../api/contracts";
import { useIntent } from "../api/intent";
import { useKept } from "../api/kept";
import { useProfile } from "../api/profile";
import type { Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { Button, ButtonLink } from "../ui/button";
import { NOBODY, newContact, type Contact } from "../ui/contact";
import { ContactFields } from "../ui/contact-fields";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Loading } from "../ui/loading";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { postForm, type Post } from "./person";
import { PostFields } from "./post-fields";

/** A new member of staff, who gets a link by mail. */
export function AddStaff() {
  const { staff: words } = useWords();
  const { data: profile } = useProfile("staff");
  const [added, setAdded] = useState<Schemas["AddedStaff"]>();
  const again = () => setAdded(undefined);
  return (
    <>
      <Title>{words.add}</Title>
      {added && <Added added={added} onAgain={again} />}
      {!added && !profile && <Loading />}
      {!added && profile && (
        <StaffForm owner={profile.value.username} contracts={profile.value.contracts.map(({ id }) => id)} onAdded={setAdded} />
      )}
    </>
  );
}

function Added({ added: { staff, linkValidUntil }, onAgain }: { added: Schemas["AddedStaff"]; onAgain: () => void }) {
  const { staff: words, people } = useWords();
  const zone = useZones(staff?.contracts ?? [])(staff?.contracts[0]);
  return (
    <>
      <Alert tone="success" title={words.added(staff ? `${staff.firstName} ${staff.lastName}` : "")}>
        <p>{people.linkSent}</p>
        {linkValidUntil && (
          <p>
            {people.works} <Time at={linkValidUntil} zone={zone} />.
          </p>
        )}
      </Alert>
      <div className="usa-button-group">
        <ButtonLink to="/staff/people">{words.toList}</ButtonLink>
        <Button look="outline" onClick={onAgain}>
          {words.add}
        </Button>
      </div>
    </>
  );
}

interface FormProps {
  owner: string;
  contracts: readonly string[];
  onAdded: (added: Schemas["AddedStaff"]) => void;
}

function StaffForm({ owner, contracts, onAdded }: FormProps) {
  const { staff: words, people } = useWords();
  const queries = useQueryClient();
  const intent = useIntent();
  // Whoever manages one contract adds people for it.
  const post: Post = { role: "", credential: "", license: { state: "", number: "" }, specialty: "", lead: false, contracts: contracts.length === 1 ? [...contracts] : [] };
  const form = useFields<{ username: string; post: Post; contact: Contact }>({ username: "", post, contact: NOBODY });
  useKept(form, "add-staff", owner);
  return (
    <Form
      form={form}
      send={async ({ username, post: typed, contact }) => {
        const person = { username, post: postForm(typed), contact: newContact(contact) };
        const added = await intent.send((header) => body(api.POST("/staff/users", { params: { header }, body: person })));
        form.reset();
        void queries.invalidateQueries({ queryKey: ["staff"] });
        onAdded(added);
      }}
    >
      <h2>{words.account}</h2>
      <Field name="username" label={people.username} hint={people.usernameHint} required plain />
      <h2>{words.post}</h2>
      <PostFields />
      <h2>{words.contact}</h2>
      <ContactFields />
      <Button type="submit" busy={form.formState.isSubmitting}>
        {words.create}
      </Button>
    </Form>
  );
}
