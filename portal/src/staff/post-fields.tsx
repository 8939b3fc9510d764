import { useProfile } from "../api/profile";
import { useFormContext } from "react-hook-form";
import { Checkbox, Checkboxes, Select } from "../ui/choices";
import { Field } from "../ui/field";
import { useWords } from "../words/words";
import { GIVEN_ROLES, mayLead, type Post } from "./person";

/** What somebody does, and for which of the caller's contracts. What a role needs, the API says. */
export function PostFields() {
  const { staff: words, people } = useWords();
  const { data: profile } = useProfile("staff");
  const chosen = useFormContext<{ post: Post }>().watch("post.role");
  const contracts = profile?.value.contracts ?? [];
  return (
    <>
      <Select name="post.role" label={words.role} required options={GIVEN_ROLES.map((role) => ({ value: role, label: people.post[role] }))} />
      <Field name="post.credential" label={words.credential} hint={words.credentialHint} width="medium" plain />
      <fieldset className="usa-fieldset margin-top-3" id="post-license">
        <legend className="usa-legend text-bold">{words.license}</legend>
        <p className="usa-hint">{words.licenseHint}</p>
        <Field name="post.license.state" label={words.licenseState} width="small" maxLength={2} plain />
        <Field name="post.license.number" label={words.licenseNumber} width="medium" plain />
      </fieldset>
      <Field name="post.specialty" label={words.specialty} hint={words.specialtyHint} />
      {mayLead(chosen) && <Checkbox name="post.lead" label={words.leadLabel} hint={words.leadHint} />}
      <Checkboxes name="post.contracts" label={words.contracts} required options={contracts.map(({ id, name }) => ({ value: id, label: name }))} />
    </>
  );
}
