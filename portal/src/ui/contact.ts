// Contact information as a form holds it.

import type { Words } from "../words/words";
import type { Difference } from "./conflict";

/** Wherever somebody gives it: its fields are below `contact` in every body of the API. */
export interface Contact {
  firstName: string;
  lastName: string;
  address1: string;
  address2: string;
  city: string;
  state: string;
  zip: string;
  email: string;
  confirmEmail: string;
  phone: string;
  fax: string;
}

export const NOBODY: Contact = {
  firstName: "", lastName: "", address1: "", address2: "", city: "", state: "", zip: "", email: "", confirmEmail: "", phone: "", fax: "",
};

/** As the API takes it for somebody new. */
export function newContact({ phone, address2, ...required }: Contact) {
  return { ...required, phone: phone || null, address2: address2 || null };
}

export function differing(one: Contact, other: Contact): (keyof Contact)[] {
  return (Object.keys(one) as (keyof Contact)[]).filter((name) => one[name] !== other[name]);
}

/** What is absent stays: a field that nobody touched does not undo what another one saved. An address is confirmed with it. */
export function changesOf(contact: Contact, before: Contact): Partial<Contact> {
  const changes: Partial<Contact> = Object.fromEntries(differing(contact, before).map((name) => [name, contact[name]]));
  return "email" in changes || "confirmEmail" in changes ? { ...changes, email: contact.email, confirmEmail: contact.confirmEmail } : changes;
}

/** Theirs beside mine, for the reader. */
export function contactDifferences(theirs: Contact, mine: Contact, words: Words["ui"]["contact"]): Difference[] {
  return differing(theirs, mine)
    .filter((key) => key !== "confirmEmail")
    .map((key) => ({ key, label: words[key], theirs: theirs[key], mine: mine[key] }));
}
