import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { api, body } from "../api/client";
import { useKept } from "../api/kept";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Radios } from "../ui/choices";
import { DateFields } from "../ui/date-fields";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { FormTitle } from "../ui/form-title";
import { RefusalAlert, isRefusal } from "../ui/refusal";
import { SendOrLeave } from "../ui/send-or-leave";
import { useWords } from "../words/words";
import type { Props } from "./file-form";

interface Values {
  memberNumber: string;
  birthDate: string;
  npi: string;
  /** The NPI whose locations are offered. */
  looked: string;
  requesting: string;
  setting: string;
  fax: string;
}

/** Begins a case with a fax, as a draft of the provider who asks. */
export function OpenForm({ fax, owner, focus, onDone, onLeave }: Props) {
  const words = useWords().delivery.open;
  const form = useFields<Values>({ memberNumber: "", birthDate: "", npi: "", looked: "", requesting: "", setting: "", fax: fax.from ?? "" });
  useKept(form, `open ${fax.id}`, owner);
  return (
    <Form
      form={form}
      label={words.title}
      send={async ({ memberNumber, birthDate, requesting, setting, fax: number }) => {
        const opened = { memberNumber, birthDate, requesting, setting: setting as Schemas["Setting"], fax: number };
        await api.POST("/staff/faxes/{fax}/case", { params: { path: { fax: fax.id } }, body: opened });
        form.reset();
        await onDone(words.done);
      }}
    >
      <FormTitle focus={focus} as="h2">{words.title}</FormTitle>
      <p>{words.lead}</p>
      <Field name="memberNumber" label={words.member} required plain />
      <DateFields name="birthDate" label={words.born} century="past" required />
      <Requesting contract={fax.contract} />
      <Radios
        name="setting"
        label={words.setting}
        required
        options={[
          { value: "inpatient", label: words.inpatient },
          { value: "outpatient", label: words.outpatient },
        ]}
      />
      <Field name="fax" label={words.fax} hint={words.faxHint} required type="tel" width="medium" />
      <SendOrLeave onLeave={onLeave}>{words.send}</SendOrLeave>
    </Form>
  );
}

function providersQuery(contract: string, npi: string) {
  return {
    queryKey: ["faxing providers", contract, npi],
    queryFn: async () => (await body(api.GET("/staff/providers", { params: { query: { contract, npi } } }))).providers,
  };
}

/** Who asks: looked for by NPI, and chosen among the locations that have it. */
function Requesting({ contract }: { contract: string }) {
  const words = useWords().delivery.open;
  const queries = useQueryClient();
  const { control, getValues, setValue } = useFormContext<Values>();
  const [npi, looked] = useWatch({ control, name: ["npi", "looked"] });
  // Of a form that was kept they are read once more.
  const { data: found } = useQuery({ ...providersQuery(contract, looked), enabled: looked !== "" });
  const [refused, setRefused] = useState<{ thrown: unknown }>();
  const [busy, setBusy] = useState(false);
  const look = async () => {
    setBusy(true);
    setRefused(undefined);
    try {
      const providers = await queries.fetchQuery(providersQuery(contract, npi));
      const before = getValues("requesting");
      const [first, ...others] = providers;
      setValue("looked", npi, { shouldDirty: true });
      setValue("requesting", providers.some(({ id }) => id === before) ? before : others.length === 0 ? (first?.id ?? "") : "", { shouldDirty: true });
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      setRefused({ thrown });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Field name="npi" label={words.npi} plain inputMode="numeric" width="medium" />
      <p>
        <Button look="outline" busy={busy} onClick={() => void look()}>
          {words.look}
        </Button>
      </p>
      {refused && <RefusalAlert thrown={refused.thrown} />}
      <Radios
        name="requesting"
        label={words.requesting}
        hint={found ? (found.length === 0 ? words.nobody : undefined) : words.requestingHint}
        required
        options={(found ?? []).map(({ id, name, providerType, address }) => ({ value: id, label: [name, providerType, ...address].join(", ") }))}
      />
    </>
  );
}
