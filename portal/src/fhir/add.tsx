import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../api/client";
import { useIntent } from "../api/intent";
import { useKept } from "../api/kept";
import { useProfile } from "../api/profile";
import { Alert } from "../ui/alert";
import { Button, ButtonLink } from "../ui/button";
import { Checkboxes } from "../ui/choices";
import { CopyText } from "../ui/copy-text";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Loading } from "../ui/loading";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { Keys, Providers, Scopes } from "./fields";
import { atFields, keysOf, type Scope, type System } from "./system";

/** A new system that asks by FHIR. */
export function AddSystem() {
  const words = useWords().fhir;
  const { data: profile } = useProfile("staff");
  const [added, setAdded] = useState<System>();
  return (
    <>
      <Title>{words.add}</Title>
      {added && <Added system={added} />}
      {!added && !profile && <Loading />}
      {!added && profile && <SystemForm owner={profile.value.username} contracts={profile.value.contracts} onAdded={setAdded} />}
    </>
  );
}

function Added({ system }: { system: System }) {
  const words = useWords().fhir;
  return (
    <>
      <Alert tone="success" title={words.added(system.name)}>
        <p>{words.addedText}</p>
        <p>
          {words.id}: <CopyText text={system.id} what={words.id} />
        </p>
      </Alert>
      <ButtonLink to="/staff/systems">{words.toList}</ButtonLink>
    </>
  );
}

interface Values {
  name: string;
  contracts: string[];
  contact: string;
  providers: string[];
  scopes: Scope[];
  jwks: string;
}

interface FormProps {
  owner: string;
  contracts: readonly { id: string; name: string }[];
  onAdded: (system: System) => void;
}

function SystemForm({ owner, contracts, onAdded }: FormProps) {
  const words = useWords().fhir;
  const queries = useQueryClient();
  const intent = useIntent();
  const form = useFields<Values>({
    name: "",
    contracts: contracts.length === 1 ? contracts.map(({ id }) => id) : [],
    contact: "",
    providers: [""],
    scopes: [],
    jwks: "",
  });
  useKept(form, "add-system", owner);
  return (
    <Form
      form={form}
      send={async ({ jwks, ...values }) => {
        const system = { ...values, jwks: keysOf(jwks) };
        const added = await atFields(intent.send((header) => body(api.POST("/staff/clients", { params: { header }, body: system }))));
        form.reset();
        void queries.invalidateQueries({ queryKey: ["systems"] });
        onAdded(added);
      }}
    >
      <Field name="name" label={words.name} hint={words.nameHint} required />
      <Checkboxes name="contracts" label={words.contracts} required options={contracts.map(({ id, name }) => ({ value: id, label: name }))} />
      <Field name="contact" label={words.contact} hint={words.contactHint} type="email" required plain />
      <Providers />
      <Scopes />
      <Keys />
      <Button type="submit" busy={form.formState.isSubmitting}>
        {words.create}
      </Button>
    </Form>
  );
}
