import { useState } from "react";
import { useWatch, type UseFormReturn } from "react-hook-form";
import { api, body } from "../api/client";
import { useIntent } from "../api/intent";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { NOBODY, newContact, type Contact } from "../ui/contact";
import { ContactFields } from "../ui/contact-fields";
import { Field } from "../ui/field";
import { Form } from "../ui/form";
import { isRefusal } from "../ui/refusal";
import { TermsOfUse } from "../ui/terms";
import { useWords } from "../words/words";
import type { Pair } from "./pair-form";
import { useAvailability } from "./username";

export interface Account {
  username: string;
  contact: Contact;
  termsAcknowledged: boolean;
}

export const NO_ACCOUNT: Account = { username: "", contact: NOBODY, termsAcknowledged: false };

interface Props {
  /** The page's, which is still there when somebody comes back to it. */
  form: UseFormReturn<Account>;
  pair: Pair;
  verified: Schemas["Verified"];
  onInvited: (invited: Schemas["Invited"]) => void;
}

/** Username, contact information, Terms of Use. */
export function AccountForm({ form, pair, verified, onInvited }: Props) {
  const words = useWords().accounts;
  const intent = useIntent();
  const [terms, setTerms] = useState(verified.terms);
  const send = async ({ username, contact, termsAcknowledged }: Account) => {
    const registration = {
      ...pair,
      username,
      contact: newContact(contact),
      termsAcknowledged,
      termsVersion: terms.version,
    };
    const call = (header: { "Idempotency-Key": string }) => body(api.POST("/registrations", { params: { header }, body: registration }));
    const invited = await intent.send(call).catch(async (thrown: unknown) => {
      if (isRefusal(thrown) && thrown.errors.some(({ pointer }) => pointer === "/termsVersion")) {
        // Others hold since the form was opened: they are shown, and nobody has agreed to them.
        setTerms((await body(api.POST("/registrations/verify", { body: pair }))).terms);
        form.setValue("termsAcknowledged", false);
      }
      throw thrown;
    });
    onInvited(invited);
  };
  return (
    <Form form={form} send={send}>
      <Field name="username" label={words.username} hint={words.register.usernameHint} required autoComplete="username" plain>
        <Availability name={useWatch({ control: form.control, name: "username" })} />
      </Field>
      <h2>{words.register.contact}</h2>
      <ContactFields own />
      <TermsOfUse terms={[terms]} />
      <Button type="submit" busy={form.formState.isSubmitting}>
        {words.register.send}
      </Button>
    </Form>
  );
}

/** Whether the name is free, while it is typed. */
function Availability({ name }: { name: string }) {
  const words = useWords().accounts.register;
  const state = useAvailability(name);
  const said = { none: "", asking: words.checking, free: words.free(name), taken: words.taken(name) };
  return (
    <p role="status" className={state === "taken" ? "usa-error-message" : "usa-hint"}>
      {said[state]}
    </p>
  );
}
