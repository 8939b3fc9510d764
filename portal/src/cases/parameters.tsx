import { useWatch } from "react-hook-form";
import { useNavigate } from "react-router";
import { useKept } from "../api/kept";
import type { Profile, Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Radios, Select } from "../ui/choices";
import { Empty } from "../ui/empty";
import { Labelled } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { useNewCase } from "./new-case";

/** Create Case, first part: who asks, and inpatient or outpatient. */
export function Parameters() {
  const words = useWords().cases.create;
  const places = placesOf(useNewCase().profile);
  return (
    <>
      <Title>{words.title}</Title>
      {places.length === 0 ? <Empty>{words.noProviders}</Empty> : <Choice places={places} />}
    </>
  );
}

interface Place {
  provider: string;
  contract: string;
  contractName: string;
  label: string;
}

/** The caller's providers, each once, whatever they are there. */
function placesOf({ roles, contracts }: Profile): Place[] {
  const named = (id: string) => contracts.find((contract) => contract.id === id)?.name ?? id;
  const once = new Map(roles.map((role) => [role.provider, role]));
  return [...once.values()].map(({ provider, contract, providerName, npi, providerType }) => ({
    provider,
    contract,
    contractName: named(contract),
    label: [providerName, npi, providerType, ...(contracts.length > 1 ? [named(contract)] : [])].filter(Boolean).join(", "),
  }));
}

function Choice({ places }: { places: Place[] }) {
  const words = useWords().cases;
  const navigate = useNavigate();
  const { profile, begun, begin } = useNewCase();
  const only = places.length === 1 ? places[0]?.provider : "";
  const form = useFields<{ caseType: "um"; requesting: string; setting: Schemas["Setting"] | "" }>({ caseType: "um", requesting: begun?.requesting ?? only ?? "", setting: begun?.setting ?? "" });
  useKept(form, "new-case-parameters", profile.username);
  const asks = useWatch({ control: form.control, name: "requesting" });
  return (
    <Form
      form={form}
      send={async ({ requesting, setting, ...typed }) => {
        const place = places.find(({ provider }) => provider === requesting);
        if (!place || !setting) return;
        begin({ contract: place.contract, requesting, setting });
        form.reset({ ...typed, requesting, setting });
        await navigate("/cases/new/member");
      }}
    >
      <h2>{words.create.parameters}</h2>
      <Select name="caseType" label={words.create.caseType} required options={[{ value: "um", label: words.create.caseTypes.um }]} />
      <Select
        name="requesting"
        label={words.requesting}
        hint={words.create.requestingHint}
        required
        options={places.map(({ provider, label }) => ({ value: provider, label }))}
      />
      <Labelled id="contract" label={words.create.contract} hint={words.create.contractHint}>
        <input id="contract" className="usa-input" readOnly aria-describedby="contract-hint" value={places.find(({ provider }) => provider === asks)?.contractName ?? ""} />
      </Labelled>
      <Radios
        name="setting"
        label={words.setting}
        required
        options={(["inpatient", "outpatient"] as const).map((value) => ({ value, label: words.settings[value] }))}
      />
      <Button type="submit">{words.create.toMember}</Button>
    </Form>
  );
}
