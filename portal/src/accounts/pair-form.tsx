import { api, body } from "../api/client";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { useWords } from "../words/words";

/** What a location proves itself by. */
export interface Pair {
  npi: string;
  code: string;
}

export function PairForm({ onVerified }: { onVerified: (pair: Pair, verified: Schemas["Verified"]) => void }) {
  const words = useWords().accounts.register;
  const form = useFields<Pair>({ npi: "", code: "" });
  return (
    <Form form={form} send={async (pair) => onVerified(pair, await body(api.POST("/registrations/verify", { body: pair })))}>
      <Field name="npi" label={words.npi} hint={words.npiHint} required plain />
      <Field name="code" label={words.code} hint={words.codeHint} required plain />
      <Button type="submit" busy={form.formState.isSubmitting}>
        {words.next}
      </Button>
    </Form>
  );
}
