import { useWords } from "../words/words";
import { Field } from "./field";

interface Props {
  /** The reader's own: the browser may fill it in. */
  own?: boolean;
}

export function ContactFields({ own = false }: Props) {
  const { contact: words, requiredNote } = useWords().ui;
  const fills = <T extends string>(what: T) => (own ? what : "off");
  return (
    <>
      <p className="usa-hint">{requiredNote}</p>
      <Field name="contact.firstName" label={words.firstName} required autoComplete={fills("given-name")} />
      <Field name="contact.lastName" label={words.lastName} required autoComplete={fills("family-name")} />
      <Field name="contact.address1" label={words.address1} required autoComplete={fills("address-line1")} />
      <Field name="contact.address2" label={words.address2} autoComplete={fills("address-line2")} />
      <Field name="contact.city" label={words.city} required autoComplete={fills("address-level2")} />
      <Field name="contact.state" label={words.state} hint={words.stateHint} required autoComplete={fills("address-level1")} width="small" maxLength={2} plain />
      <Field name="contact.zip" label={words.zip} required autoComplete={fills("postal-code")} width="medium" inputMode="numeric" />
      <Field name="contact.email" label={words.email} type="email" required autoComplete={fills("email")} plain />
      <Field name="contact.confirmEmail" label={words.confirmEmail} type="email" required autoComplete={fills("email")} plain />
      <Field name="contact.phone" label={words.phone} hint={words.phoneHint} type="tel" autoComplete={fills("tel")} />
      <Field name="contact.fax" label={words.fax} hint={words.faxHint} type="tel" required autoComplete="off" />
    </>
  );
}
