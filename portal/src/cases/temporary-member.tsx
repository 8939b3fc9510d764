import { useWatch } from "react-hook-form";
import { Link, useNavigate } from "react-router";
import { api, body } from "../api/client";
import { useIntent } from "../api/intent";
import { useKept } from "../api/kept";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Checkbox, Radios, Select } from "../ui/choices";
import { DateFields } from "../ui/date-fields";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { useLanguages } from "../ui/reading";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { useNewCase } from "./new-case";

interface Typed {
  prefix: string;
  firstName: string;
  middleName: string;
  lastName: string;
  suffix: string;
  gender: Schemas["Gender"] | "";
  birthDate: string;
  language: string;
  format: Schemas["LetterFormat"];
  useFacilityAddress: boolean;
  address1: string;
  address2: string;
  city: string;
  county: string;
  country: Schemas["Country"];
  state: string;
  postalCode: string;
  phone: string;
  email: string;
}

const NOBODY: Typed = {
  prefix: "", firstName: "", middleName: "", lastName: "", suffix: "", gender: "", birthDate: "", language: "", format: "standard", useFacilityAddress: false, address1: "",
  address2: "", city: "", county: "", country: "US", state: "", postalCode: "", phone: "", email: "",
};

/** What was typed before the facility's address was chosen is not sent beside it. */
const NO_ADDRESS = { address1: null, address2: null, city: null, county: null, country: null, state: null, postalCode: null };

/** A member whom eligibility does not know yet: added, and chosen for the case. */
export function TemporaryMember() {
  const { cases: words, requests: { reading } } = useWords();
  const languages = useLanguages();
  const { profile, begun, searched, choose } = useNewCase();
  const navigate = useNavigate();
  const intent = useIntent();
  const { lastName: known = "", birthDate: born = "" } = searched?.typed ?? {};
  const form = useFields<Typed>({ ...NOBODY, lastName: known, birthDate: born });
  // What was typed of one member is nothing of the next one.
  useKept(form, `temporary-member ${begun?.contract} ${known} ${born}`, profile.username);
  const facility = useWatch({ control: form.control, name: "useFacilityAddress" });
  const send = async (typed: Typed) => {
    const { gender, useFacilityAddress: atFacility, ...texts } = typed;
    if (!begun || !gender) return;
    const empty = Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, value || null]));
    const { firstName, lastName, birthDate } = typed;
    const useFacilityAddress = atFacility ? begun.requesting : null;
    const member = { ...empty, ...(atFacility && NO_ADDRESS), firstName, lastName, birthDate, gender, contract: begun.contract, useFacilityAddress };
    const { id } = await intent.send((header) => body(api.POST("/members", { params: { header }, body: member })));
    form.reset();
    choose({ id, firstName, lastName, birthDate, gender, temporary: true });
    await navigate("/cases/new/earlier");
  };
  return (
    <>
      <Title>{words.create.addTemporary}</Title>
      <Form form={form} send={send}>
        <h2>{words.temporaryMember.details}</h2>
        <Field name="prefix" label={words.temporaryMember.prefix} width="small" plain />
        <Field name="firstName" label={words.temporaryMember.firstName} required plain />
        <Field name="middleName" label={words.temporaryMember.middleName} plain />
        <Field name="lastName" label={words.create.lastName} required plain />
        <Field name="suffix" label={words.temporaryMember.suffix} width="small" plain />
        <Radios
          name="gender"
          label={words.create.gender}
          required
          options={(["female", "male", "unknown"] as const).map((value) => ({ value, label: words.genders[value] }))}
        />
        <DateFields name="birthDate" label={words.create.birthDate} required century="past" />
        <Select name="language" label={words.temporaryMember.language} hint={reading.languageHint} none={reading.none} options={languages} />
        <Radios name="format" label={reading.format} options={(["standard", "large-print"] as const).map((value) => ({ value, label: reading.formatNames[value] }))} />
        <h2>{words.temporaryMember.contact}</h2>
        <Checkbox name="useFacilityAddress" label={words.temporaryMember.facility} />
        {!facility && <Address />}
        <Field name="phone" label={words.temporaryMember.phone} type="tel" />
        <Field name="email" label={words.temporaryMember.email} type="email" plain />
        <Button type="submit" busy={form.formState.isSubmitting}>
          {words.temporaryMember.create}
        </Button>
      </Form>
      <p>
        <Link to="/cases/new/member">{words.create.backToSearch}</Link>
      </p>
    </>
  );
}

function Address() {
  const words = useWords();
  const { contact } = words.ui;
  const own = words.cases.temporaryMember;
  return (
    <>
      <Field name="address1" label={own.address1} required plain />
      <Field name="address2" label={own.address2} plain />
      <Field name="city" label={contact.city} required plain />
      <Select name="country" label={own.country} required options={(["US", "CA"] as const).map((value) => ({ value, label: own.countries[value] }))} />
      <Field name="state" label={own.state} hint={contact.stateHint} required width="small" maxLength={2} plain />
      <Field name="county" label={own.county} required plain />
      <Field name="postalCode" label={own.postalCode} required width="medium" plain />
    </>
  );
}
