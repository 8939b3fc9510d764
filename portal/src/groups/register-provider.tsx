import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import { api, body } from "../api/client";
import { useIntent } from "../api/intent";
import { useKept } from "../api/kept";
import { profileQuery } from "../api/profile";
import type { Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { Button, ButtonLink } from "../ui/button";
import { Facts } from "../ui/facts";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { isRefusal } from "../ui/refusal";
import { TermsOfUse } from "../ui/terms";
import { useWords } from "../words/words";
import { InGroup } from "./group";
import { placesQuery } from "./places";

interface NewProvider {
  npi: string;
  code: string;
  termsAcknowledged: boolean;
}

export function RegisterProvider() {
  return <InGroup title={useWords().groups.register.title}>{({ id }, { username }) => <Register group={id} owner={username} />}</InGroup>;
}

/** A further provider of the group, by its own code. */
function Register({ group, owner }: { group: string; owner: string }) {
  const { groups: words, people } = useWords();
  const [joined, setJoined] = useState<Schemas["JoinedProvider"]>();
  return (
    <>
      {joined ? (
        <>
          <Alert tone="success">{words.register.done(joined.name)}</Alert>
          <Facts
            facts={[
              { label: words.provider, value: joined.name },
              { label: words.type, value: joined.providerType },
              { label: words.address, value: joined.address.join(", ") },
              { label: words.yourRole, value: people.role[joined.role] },
            ]}
          />
          <div className="usa-button-group">
            <ButtonLink to="/setup">{words.title}</ButtonLink>
            <Button look="outline" onClick={() => setJoined(undefined)}>
              {words.register.another}
            </Button>
          </div>
        </>
      ) : (
        <PairForm group={group} owner={owner} onJoined={setJoined} />
      )}
    </>
  );
}

function PairForm({ group, owner, onJoined }: { group: string; owner: string; onJoined: (joined: Schemas["JoinedProvider"]) => void }) {
  const words = useWords().groups.register;
  const queries = useQueryClient();
  const intent = useIntent();
  const form = useFields<NewProvider>({ npi: "", code: "", termsAcknowledged: false });
  const [asked, setAsked] = useState<{ npi: string; code: string; terms: Schemas["Terms"]; name: string }>();
  const pair = useWatch({ control: form.control });
  // The terms are of the contract of this pair.
  const shown = asked?.npi === pair.npi && asked?.code === pair.code ? asked : undefined;
  useKept(form, "register-provider", owner);
  return (
    <Form
      form={form}
      send={async ({ npi, code, termsAcknowledged }) => {
        const content = { npi, code, ...(shown && { termsAcknowledged, termsVersion: shown.terms.version }) };
        const call = (header: { "Idempotency-Key": string }) => body(api.POST("/groups/{id}/providers", { params: { path: { id: group }, header }, body: content }));
        const joined = await intent.send(call).catch(async (thrown: unknown) => {
          if (isRefusal(thrown) && thrown.errors.some(({ pointer }) => pointer.startsWith("/terms"))) {
            const { terms, contract } = await body(api.POST("/registrations/verify", { body: { npi, code } }));
            setAsked({ npi, code, terms, name: contract.name });
            // Whoever reads these has agreed to none of them.
            form.setValue("termsAcknowledged", false);
          }
          throw thrown;
        });
        form.reset();
        void queries.invalidateQueries({ queryKey: profileQuery("provider").queryKey });
        void queries.invalidateQueries({ queryKey: placesQuery(group).queryKey });
        onJoined(joined);
      }}
    >
      <p>{words.lead}</p>
      <Field name="npi" label={words.npi} hint={words.npiHint} required plain />
      <Field name="code" label={words.code} hint={words.codeHint} required plain />
      {shown && <TermsOfUse terms={[{ name: shown.name, text: shown.terms.text }]} />}
      <Button type="submit" busy={form.formState.isSubmitting}>
        {words.send}
      </Button>
    </Form>
  );
}
