import { useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { useNavigate } from "react-router";
import { api, body } from "../api/client";
import { doorOf, through } from "../api/door";
import type { Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { Button } from "../ui/button";
import { Radios } from "../ui/choices";
import { Form, useFields } from "../ui/form";
import { useStepInHistory } from "../ui/step-in-history";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { AppSecret } from "./app-secret";
import { CodeForm } from "./code-form";
import { FACTORS, type Factor } from "./factors";
import { NO_PASSWORDS, NewPasswordFields, type NewPasswords } from "./new-password";
import { useLinkToken } from "./token";

/** From the mailed link: password, second factor, its first code. One page for both doors: the answer tells which. */
export function Enrol() {
  const words = useWords().accounts;
  const token = useLinkToken();
  const navigate = useNavigate();
  const [setUp, setSetUp] = useState<Schemas["FactorSetUp"]>();
  const [step, go] = useStepInHistory<"password" | "confirm">("password", { password: true, confirm: setUp !== undefined });
  const form = useFields<Choice>({ ...NO_PASSWORDS, factor: "app" });
  if (!token) {
    return (
      <>
        <Title>{words.enrol.title}</Title>
        <Alert tone="info">{words.enrol.noLink}</Alert>
      </>
    );
  }
  if (step === "confirm" && setUp) {
    const door = doorOf(setUp.answerAt);
    return (
      <>
        <Title key="confirm">{setUp.secret ? words.enrol.appTitle : words.enrol.confirmTitle}</Title>
        {setUp.secret && setUp.otpauthUri && <AppSecret uri={setUp.otpauthUri} secret={setUp.secret} />}
        <CodeForm
          door={door}
          asked={setUp}
          submit={words.code.confirm}
          onAnswer={() => void navigate(through(door, "/sign-in"), { state: { done: "ready" } })}
        />
      </>
    );
  }
  return (
    <>
      <Title key="password">{words.enrol.title}</Title>
      <p>{words.enrol.lead}</p>
      <PasswordAndFactor
        form={form}
        token={token}
        onSetUp={(begun) => {
          setSetUp(begun);
          go("confirm");
        }}
      />
    </>
  );
}

interface Choice extends NewPasswords {
  factor: Factor;
}

interface Props {
  /** The page's, which is still there when somebody comes back to it. */
  form: UseFormReturn<Choice>;
  token: string;
  onSetUp: (setUp: Schemas["FactorSetUp"]) => void;
}

function PasswordAndFactor({ form, token, onSetUp }: Props) {
  const words = useWords().accounts;
  return (
    <Form
      form={form}
      send={async ({ password, factor }) => {
        onSetUp(await body(api.POST("/enrolments", { body: { token, password, factor } })));
      }}
    >
      <NewPasswordFields />
      <Radios
        name="factor"
        label={words.enrol.factor}
        required
        options={FACTORS.map((factor) => ({ value: factor, label: words.factor[factor], about: words.enrol.about[factor] }))}
      />
      <Button type="submit" busy={form.formState.isSubmitting}>
        {words.enrol.send}
      </Button>
    </Form>
  );
}
