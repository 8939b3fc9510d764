import { useState } from "react";
import { api, body } from "../api/client";
import { at, type Door, type Schemas, type SignedIn } from "../api/types";
import { Alert } from "../ui/alert";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { RefusalAlert } from "../ui/refusal";
import { TermsOfUse } from "../ui/terms";
import { useWords, type Words } from "../words/words";
import { isFactor, type Factor } from "./factors";

/** A second factor that waits for its code or PIN. */
export interface Asked {
  handle: string;
  factor: string;
  sentTo?: string | null;
  /** To acknowledge with the code. */
  terms?: Schemas["TermsDue"][];
}

interface Props {
  door: Door;
  asked: Asked;
  /** For a further PIN, which the API gives for the password only; none where there is none to give. */
  password?: string;
  submit: string;
  onAnswer: (answer: SignedIn | undefined) => void;
}

/** The code of the app, or the PIN that was sent or spoken. */
export function CodeForm({ door, asked: first, password, submit, onAnswer }: Props) {
  const words = useWords().accounts.code;
  const [asked, setAsked] = useState(first);
  const [again, setAgain] = useState<{ thrown?: unknown }>();
  const form = useFields({ code: "", termsAcknowledged: false });
  // A further PIN changes nothing of what is to be acknowledged.
  const terms = first.terms ?? [];
  const factor: Factor = isFactor(asked.factor) ? asked.factor : "app";
  const send = async ({ code, termsAcknowledged }: { code: string; termsAcknowledged: boolean }) => {
    const content = { handle: asked.handle, code: code.replaceAll(/\s/g, ""), ...(terms.length > 0 && { termsAcknowledged }) };
    const answer = await body(api.POST(at(door, "/sessions/answers"), { body: content }));
    onAnswer(answer as SignedIn | undefined);
  };
  const sendAgain = async () => {
    try {
      const next = await body(api.POST(at(door, "/sessions/pins"), { body: { handle: asked.handle, password: password ?? null } }));
      setAsked(next);
      setAgain({});
    } catch (thrown) {
      setAgain({ thrown });
    }
  };
  return (
    <>
      {terms.length > 0 && <Alert tone="info">{words.termsFirst}</Alert>}
      <p>{explain(words, factor, asked.sentTo)}</p>
      {again && (again.thrown ? <RefusalAlert thrown={again.thrown} /> : <Alert tone="info">{words.sentAgain}</Alert>)}
      <Form form={form} send={send}>
        <Field
          name="code"
          label={factor === "app" ? words.codeLabel : words.pinLabel}
          hint={words.digits}
          required
          inputMode="numeric"
          autoComplete="one-time-code"
          width="medium"
          plain
        />
        {terms.length > 0 && <TermsOfUse terms={terms} />}
        <Button type="submit" busy={form.formState.isSubmitting}>
          {submit}
        </Button>
        {factor !== "app" && (
          <p>
            <Button look="link" onClick={() => void sendAgain()}>
              {words.again[factor]}
            </Button>
          </p>
        )}
      </Form>
    </>
  );
}

function explain(words: Words["accounts"]["code"], factor: Factor, sentTo: string | null | undefined): string {
  return factor === "app" ? words.app : words[factor](sentTo ?? words.you);
}
