import { useState } from "react";
import { useKept } from "../api/kept";
import { Button } from "../ui/button";
import { FormConflict } from "../ui/conflict";
import { changesOf, contactDifferences, type Contact } from "../ui/contact";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import type { Save, User } from "./user";

/** Corrects how a user is reached. */
export function UserContactForm({ user, owner, save }: { user: User; owner: string; save: Save }) {
  const { groups, people, ui } = useWords();
  const [words, labels] = [groups.user, ui.contact];
  const form = useFields<{ contact: Contact }>({ contact: filled(user) });
  useKept(form, `contact ${user.username}`, owner);
  const [told, tell] = useState<string>();
  const [theirs, setTheirs] = useState<Contact>();
  const send = async ({ contact }: { contact: Contact }) => {
    tell(undefined);
    const change = changesOf(contact, form.formState.defaultValues?.contact as Contact);
    if (Object.keys(change).length === 0) return tell(words.nothing);
    const { saved, theirs: now } = await save({ contact: change });
    if (!saved) return setTheirs(filled(now));
    form.reset({ contact: filled(saved) });
    return tell(people.saved);
  };
  return (
    <>
      {told && <Told>{told}</Told>}
      {theirs && (
        <FormConflict
          form={form}
          theirs={{ contact: theirs }}
          differences={contactDifferences(theirs, form.getValues("contact"), labels)}
          onSettled={() => setTheirs(undefined)}
        />
      )}
      <Form form={form} send={send} label={words.contact}>
        <Field name="contact.firstName" label={labels.firstName} required />
        <Field name="contact.lastName" label={labels.lastName} required />
        {user.state === "invited" ? (
          <>
            <Field name="contact.email" label={labels.email} hint={words.emailHint} type="email" required plain />
            <Field name="contact.confirmEmail" label={words.confirmEmail} type="email" required plain />
            <Field name="contact.phone" label={labels.phone} type="tel" />
            <Field name="contact.fax" label={labels.fax} type="tel" required />
          </>
        ) : (
          <p className="usa-hint">{words.ownReach}</p>
        )}
        <fieldset className="usa-fieldset margin-top-3">
          <legend className="usa-legend text-bold">{words.address}</legend>
          <Field name="contact.address1" label={labels.address1} required />
          <Field name="contact.address2" label={labels.address2} />
          <Field name="contact.city" label={labels.city} required />
          <Field name="contact.state" label={labels.state} hint={labels.stateHint} required width="small" maxLength={2} plain />
          <Field name="contact.zip" label={labels.zip} required width="medium" inputMode="numeric" />
        </fieldset>
        <Button type="submit" busy={form.formState.isSubmitting}>
          {words.saveContact}
        </Button>
      </Form>
    </>
  );
}

function filled({ firstName, lastName, email, phone, fax, address }: User): Contact {
  const { address2, ...lines } = address;
  return { firstName, lastName, ...lines, address2: address2 ?? "", email, confirmEmail: email, phone: phone ?? "", fax };
}
