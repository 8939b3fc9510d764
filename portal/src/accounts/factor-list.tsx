import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../api/client";
import { useDoor } from "../api/door";
import { useKept } from "../api/kept";
import { profileQuery } from "../api/profile";
import { at, type Profile, type Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { Button } from "../ui/button";
import { Radios } from "../ui/choices";
import { Form, useFields } from "../ui/form";
import { useWords } from "../words/words";
import { AppSecret } from "./app-secret";
import { CodeForm } from "./code-form";
import { FACTORS, isFactor, type Factor } from "./factors";

/** The second factors that sign-in can ask for, and a further one. */
export function FactorList({ profile }: { profile: Profile }) {
  const words = useWords().accounts;
  const door = useDoor();
  const queries = useQueryClient();
  const [adding, setAdding] = useState<Schemas["FurtherFactor"]>();
  const [added, setAdded] = useState(false);
  const name = (factor: string) => (isFactor(factor) ? words.factor[factor] : factor);
  const rest = FACTORS.filter((factor) => !profile.factors.some((has) => has.factor === factor));
  const done = () => {
    setAdding(undefined);
    setAdded(true);
    void queries.invalidateQueries({ queryKey: profileQuery(door).queryKey });
  };
  const begun = (further: Schemas["FurtherFactor"]) => {
    setAdded(false);
    if (further.handle) setAdding(further);
    // Nothing to prove: the address is known to be theirs.
    else done();
  };
  return (
    <>
      <ul className="usa-list">
        {profile.factors.map(({ factor, sentTo }) => (
          <li key={factor}>
            {name(factor)}
            {sentTo && ` ${sentTo}`}
          </li>
        ))}
      </ul>
      {added && <Alert tone="success">{words.profile.added}</Alert>}
      {adding?.handle ? (
        <>
          {adding.secret && adding.otpauthUri && <AppSecret uri={adding.otpauthUri} secret={adding.secret} />}
          <CodeForm door={door} asked={{ ...adding, handle: adding.handle }} submit={words.code.confirm} onAnswer={done} />
        </>
      ) : (
        rest.length > 0 && <Further rest={rest} owner={profile.username} onBegun={begun} />
      )}
    </>
  );
}

interface FurtherProps {
  rest: readonly Factor[];
  owner: string;
  onBegun: (further: Schemas["FurtherFactor"]) => void;
}

function Further({ rest, owner, onBegun }: FurtherProps) {
  const words = useWords().accounts;
  const door = useDoor();
  const form = useFields<{ factor: Factor }>({});
  useKept(form, "factor", owner);
  return (
    <Form
      form={form}
      label={words.profile.addFactor}
      send={async (wanted) => {
        const begun = await body(api.POST(at(door, "/me/factors"), { body: wanted }));
        form.reset();
        onBegun(begun);
      }}
    >
      <Radios
        name="factor"
        label={words.profile.addFactor}
        required
        options={rest.map((factor) => ({ value: factor, label: words.factor[factor], about: words.enrol.about[factor] }))}
      />
      <Button type="submit" busy={form.formState.isSubmitting}>
        {words.profile.add}
      </Button>
    </Form>
  );
}
