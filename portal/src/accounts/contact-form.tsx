import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, ifMatch, versioned } from "../api/client";
import { useDoor } from "../api/door";
import { useKept } from "../api/kept";
import { profileQuery } from "../api/profile";
import { isRefused } from "../api/refused";
import { at, type Profile, type Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { Button } from "../ui/button";
import { FormConflict } from "../ui/conflict";
import { changesOf, contactDifferences, differing, type Contact } from "../ui/contact";
import { ContactFields } from "../ui/contact-fields";
import { Form, useFields } from "../ui/form";
import { useWords } from "../words/words";
import { PinForm } from "./pin-form";

/** The own contact information. A new address or number holds after its PIN was entered. */
export function ContactForm({ profile, version }: { profile: Profile; version: string }) {
  const words = useWords();
  const door = useDoor();
  const queries = useQueryClient();
  const form = useFields<{ contact: Contact }>({ contact: filled(profile.contact) });
  useKept(form, "contact", profile.username);
  const [saved, setSaved] = useState<Schemas["EditedProfile"]>();
  const [theirs, setTheirs] = useState<Contact>();
  // Of what the form was filled with, or of what somebody else saved since and the reader has seen.
  const [seen, setSeen] = useState(version);

  const took = (edited: Schemas["EditedProfile"]) => {
    setSaved(edited);
    setSeen(`"${edited.version}"`);
    form.reset({ contact: filled(edited.contact) });
    void queries.invalidateQueries({ queryKey: profileQuery(door).queryKey });
  };
  const send = async ({ contact }: { contact: Contact }) => {
    setSaved(undefined);
    const before = form.formState.defaultValues?.contact as Contact;
    const edit = { contact: changesOf(contact, before) };
    const save = async (over: string) => took(await body(api.PATCH(at(door, "/me"), { params: { header: ifMatch(over) }, body: edit })));
    try {
      await save(seen);
    } catch (thrown) {
      if (!isRefused(thrown, "stale")) throw thrown;
      const now = await versioned(api.GET(at(door, "/me")));
      const standing = filled(now.value.contact);
      // Something else of the profile changed, as its second factors: nothing that the reader could choose between.
      if (differing(standing, before).length === 0) return save(now.version);
      setSeen(now.version);
      setTheirs(standing);
    }
    return undefined;
  };
  return (
    <>
      {saved && <Alert tone="success">{words.accounts.profile.saved}</Alert>}
      {saved?.emailAwaitsPin && <PinForm kind="email" sentTo={saved.emailAwaitsPin} version={seen} onSaved={took} />}
      {saved?.phoneAwaitsPin && <PinForm kind="phone" sentTo={saved.phoneAwaitsPin} version={seen} onSaved={took} />}
      {saved?.faxAwaitsPin && <PinForm kind="fax" sentTo={saved.faxAwaitsPin} version={seen} onSaved={took} />}
      {theirs && (
        <FormConflict
          form={form}
          theirs={{ contact: theirs }}
          differences={contactDifferences(theirs, form.getValues("contact"), words.ui.contact)}
          onSettled={() => setTheirs(undefined)}
        />
      )}
      <Form form={form} send={send} label={words.accounts.profile.contact}>
        <ContactFields own />
        <Button type="submit" busy={form.formState.isSubmitting}>
          {words.accounts.profile.save}
        </Button>
      </Form>
    </>
  );
}

function filled(contact: Schemas["ContactView"]): Contact {
  return { ...contact, address2: contact.address2 ?? "", phone: contact.phone ?? "", confirmEmail: contact.email };
}
