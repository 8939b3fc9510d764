import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { api, body, ifMatch } from "../api/client";
import { useZones } from "../api/contracts";
import { useKept } from "../api/kept";
import { useProfile } from "../api/profile";
import { isRefused } from "../api/refused";
import type { Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { CopyText } from "../ui/copy-text";
import { Facts } from "../ui/facts";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import { Keys, Providers, Scopes } from "./fields";
import { atFields, keysOf, systemQuery, type Scope, type System } from "./system";

/** One system: what it may do, its keys, and its end. */
export function OneSystem() {
  const { id = "" } = useParams();
  const words = useWords().fhir;
  const { data, error, refetch } = useQuery(systemQuery(id));
  return (
    <>
      <Title>{words.one}</Title>
      <p>
        <Link to="/staff/systems">{words.toList}</Link>
      </p>
      {error && <RefusalAlert thrown={error} again={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && <Known system={data} />}
    </>
  );
}

function Known({ system }: { system: System }) {
  const words = useWords().fhir;
  const queries = useQueryClient();
  const owner = useProfile("staff").data?.value.username;
  const [told, tell] = useState<string>();
  const change = async (edit: Schemas["ClientChange"], done: string) => {
    tell(undefined);
    const params = { path: { id: system.id }, header: ifMatch(`"${system.version}"`) };
    try {
      const saved = await atFields(body(api.PATCH("/staff/clients/{id}", { params, body: edit })));
      // What it subscribed to is told with the page alone.
      const { subscriptions = null } = system;
      queries.setQueryData(systemQuery(system.id).queryKey, { ...saved, subscriptions });
      void queries.invalidateQueries({ queryKey: ["systems"] });
      tell(done);
    } catch (thrown) {
      // What is typed stays; the page shows what somebody else saved.
      if (isRefused(thrown, "stale")) await queries.invalidateQueries({ queryKey: ["system", system.id] });
      throw thrown;
    }
  };
  return (
    <>
      {told && <Told>{told}</Told>}
      <What system={system} />
      <Subscriptions system={system} />
      {system.state === "ended" && <Alert tone="info">{words.endedText}</Alert>}
      {system.state === "active" && !system.mayChange && <Alert tone="info">{words.elsewhere}</Alert>}
      {system.mayChange && owner && (
        <>
          <Rights system={system} owner={owner} save={(edit) => change(edit, words.saved)} />
          <NewKeys system={system} owner={owner} save={(edit) => change(edit, words.keysSaved)} />
          <End name={system.name} end={() => change({ end: true }, words.ended(system.name))} />
        </>
      )}
    </>
  );
}

function What({ system }: { system: System }) {
  const { fhir: words, people } = useWords();
  const zone = useZones(system.contracts)(system.contracts[0]);
  return (
    <Facts
      facts={[
        { label: words.name, value: system.name },
        { label: words.id, value: <CopyText text={system.id} what={words.id} /> },
        { label: people.status, value: words.state[system.state] },
        { label: words.contracts, value: system.contracts.join(", ") },
        { label: words.providers, value: system.providers.join(", ") },
        { label: words.scopes, value: system.scopes.map((scope) => words.scope[scope]).join(", ") },
        { label: words.keys, value: system.keys.map(({ kid, algorithm }) => `${kid} (${algorithm})`).join(", ") },
        { label: words.contact, value: system.contact },
        { label: words.addedAt, value: <Time at={system.addedAt} zone={zone} /> },
        { label: words.endedAt, value: system.endedAt && <Time at={system.endedAt} zone={zone} /> },
      ]}
    />
  );
}

/** What it is told by itself, and whether its server takes it. */
function Subscriptions({ system }: { system: System }) {
  const { fhir: words, people } = useWords();
  const zone = useZones(system.contracts)(system.contracts[0]);
  if (!system.subscriptions?.length) return null;
  return (
    <>
      <h2>{words.subscriptions}</h2>
      {system.subscriptions.map((one) => (
        <Facts
          key={one.id}
          facts={[
            { label: words.server, value: one.host },
            { label: people.status, value: words.subscription[one.status] },
            { label: words.content, value: words.contents[one.content] },
            { label: words.events, value: words.delivered(one.delivered, one.events) },
            { label: words.lastAt, value: one.lastAt && <Time at={one.lastAt} zone={zone} /> },
          ]}
        />
      ))}
    </>
  );
}

interface ChangeProps {
  system: System;
  owner: string;
  save: (edit: Schemas["ClientChange"]) => Promise<void>;
}

function Rights({ system, owner, save }: ChangeProps) {
  const words = useWords().fhir;
  const { contact, providers, scopes } = system;
  const form = useFields<{ contact: string; providers: string[]; scopes: Scope[] }>({ contact, providers, scopes });
  useKept(form, `rights ${system.id}`, owner);
  return (
    <>
      <h2>{words.change}</h2>
      <Form
        form={form}
        label={words.change}
        send={async (edit) => {
          await save(edit);
          form.reset(edit);
        }}
      >
        <Field name="contact" label={words.contact} hint={words.contactHint} type="email" required plain />
        <Providers />
        <Scopes />
        <Button type="submit" busy={form.formState.isSubmitting}>
          {words.save}
        </Button>
      </Form>
    </>
  );
}

function NewKeys({ system, owner, save }: ChangeProps) {
  const words = useWords().fhir;
  const form = useFields<{ jwks: string }>({ jwks: "" });
  useKept(form, `keys ${system.id}`, owner);
  return (
    <>
      <h2>{words.newKeys}</h2>
      <p>{words.newKeysText}</p>
      <Form
        form={form}
        label={words.newKeys}
        send={async ({ jwks }) => {
          await save({ jwks: keysOf(jwks) });
          form.reset();
        }}
      >
        <Keys />
        <Button type="submit" busy={form.formState.isSubmitting}>
          {words.replaceKeys}
        </Button>
      </Form>
    </>
  );
}

function End({ name, end }: { name: string; end: () => Promise<void> }) {
  const words = useWords().fhir;
  const [asked, ask] = useAsked();
  return (
    <>
      <h2>{words.endTitle}</h2>
      <p>{words.endText}</p>
      <Button look="danger" onClick={() => ask("end")}>
        {words.end}
      </Button>
      {asked === "end" && (
        <Confirm
          title={words.endAsk(name)}
          confirm={words.end}
          danger
          send={async () => {
            await end();
            ask();
          }}
          onClose={() => ask()}
        >
          <p>{words.endText}</p>
        </Confirm>
      )}
    </>
  );
}
