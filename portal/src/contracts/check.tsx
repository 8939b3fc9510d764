import { useState } from "react";
import { useNavigate } from "react-router";
import { api, body } from "../api/client";
import { offered, useContracts } from "../api/contracts";
import { useIntent } from "../api/intent";
import { useKept } from "../api/kept";
import { useProfile } from "../api/profile";
import type { Profile, Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { Button } from "../ui/button";
import { Radios, Select } from "../ui/choices";
import { DateFields } from "../ui/date-fields";
import { Empty } from "../ui/empty";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { LookUp } from "./look-up";
import { modifiersOf } from "./modifiers";

/** "Is authorization required?", before a case is typed. */
export function Check() {
  const words = useWords().contracts;
  const profile = useProfile("provider");
  const contracts = profile.data?.value.contracts ?? [];
  return (
    <>
      <Title>{words.title}</Title>
      <p className="usa-intro">{words.lead}</p>
      {profile.isError ? (
        <RefusalAlert thrown={profile.error} again={() => void profile.refetch()} />
      ) : profile.isPending ? (
        <Loading />
      ) : contracts.length === 0 ? (
        <Empty>{words.noContracts}</Empty>
      ) : (
        <Question contracts={contracts} owner={profile.data.value.username} />
      )}
      <h2>{words.lookUp}</h2>
      <LookUp />
    </>
  );
}

interface Values {
  contract: string;
  code: string;
  modifiers: string;
  setting: Schemas["Setting"] | "";
  serviceType: string;
  on: string;
  memberNumber: string;
  age: string;
}

function Question({ contracts, owner }: { contracts: Profile["contracts"]; owner: string }) {
  const words = useWords();
  const navigate = useNavigate();
  const intent = useIntent();
  const [nobody, setNobody] = useState<string>();
  const only = contracts.length === 1 ? (contracts[0]?.id ?? "") : "";
  const form = useFields<Values>({ contract: only, code: "", modifiers: "", setting: "", serviceType: "", on: "", memberNumber: "", age: "" });
  useKept(form, "check", owner);
  const { contract: chosen, setting } = form.watch();
  const types = useContracts(chosen ? [chosen] : [])(chosen)?.serviceTypes ?? [];
  const send = async ({ contract: id, memberNumber, age, serviceType, modifiers, setting: where, ...asked }: Values) => {
    setNobody(undefined);
    let member: string | undefined;
    if (memberNumber.trim()) {
      const { members, hint } = await body(api.POST("/members/search", { body: { contract: id, memberNumber } }));
      member = members[0]?.id;
      if (!member) return setNobody(hint ?? "");
    }
    const question = {
      ...asked,
      // The form has asked for it.
      setting: where as Schemas["Setting"],
      modifiers: modifiersOf(modifiers),
      ...(serviceType ? { serviceType } : {}),
      ...(member ? { member } : {}),
      ...(age.trim() ? { age: Number(age) } : {}),
    };
    const answer = await intent.send((header) => body(api.POST("/contracts/{id}/checks", { params: { path: { id }, header }, body: question })));
    form.reset();
    await navigate(`/checks/${answer.number}`);
  };
  return (
    <Form form={form} label={words.contracts.title} send={send}>
      {nobody !== undefined && (
        <Alert tone="error" title={words.contracts.nobody}>
          <p lang="en">{nobody}</p>
        </Alert>
      )}
      {contracts.length > 1 && (
        <Select name="contract" label={words.contracts.contract} required options={contracts.map(({ id, name }) => ({ value: id, label: name }))} />
      )}
      <Field name="code" label={words.contracts.code} hint={words.contracts.codeHint} required plain />
      <Field name="modifiers" label={words.contracts.modifiers} hint={words.contracts.modifiersHint} plain />
      <Radios
        name="setting"
        label={words.contracts.setting}
        required
        options={(["inpatient", "outpatient"] as const).map((value) => ({ value, label: words.requests.settings[value] }))}
      />
      <Select
        name="serviceType"
        label={words.contracts.serviceType}
        none={words.contracts.anyServiceType}
        options={offered(types.filter(({ settings }) => !setting || settings.includes(setting)))}
      />
      <DateFields name="on" label={words.contracts.on} required century="near" />
      <Field name="memberNumber" label={words.contracts.memberNumber} hint={words.contracts.memberHint} plain />
      <Field name="age" label={words.contracts.age} hint={words.contracts.ageHint} inputMode="numeric" plain />
      <Button type="submit" busy={form.formState.isSubmitting}>
        {words.contracts.ask}
      </Button>
    </Form>
  );
}
