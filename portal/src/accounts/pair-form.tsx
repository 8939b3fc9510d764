import { useQuery } from "@tanstack/react-query";
import { useWatch, type UseFormReturn } from "react-hook-form";
import { api, body } from "../api/client";
import { useContracts } from "../api/contracts";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Select } from "../ui/choices";
import { Field } from "../ui/field";
import { Form } from "../ui/form";
import { useWords } from "../words/words";

/** What a location proves itself by. */
export interface Pair {
  npi: string;
  code: string;
}

export interface PairFields extends Pair {
  contract: string;
}

interface Props {
  /** The page's, which is still there when somebody comes back to it. */
  form: UseFormReturn<PairFields>;
  onVerified: (pair: Pair, verified: Schemas["Verified"]) => void;
}

/** What the code is, each contract says in its own words: whoever names theirs sees them. */
export function PairForm({ form, onVerified }: Props) {
  const words = useWords().accounts.register;
  const chosen = useWatch({ control: form.control, name: "contract" });
  // Without the list the form works all the same: a code is of one contract. Until it is here its place is kept: a form
  // that moves while somebody clicks takes the click for nothing.
  const { data, isError } = useQuery({ queryKey: ["contracts"], queryFn: () => body(api.GET("/contracts")), staleTime: 3_600_000 });
  const of = useContracts(chosen ? [chosen] : [])(chosen)?.registration;
  const contracts = data?.contracts ?? [];
  const alone = isError || data?.contracts.length === 0;
  return (
    <Form
      form={form}
      send={async ({ npi, code }) => onVerified({ npi, code }, await body(api.POST("/registrations/verify", { body: { npi, code } })))}
    >
      {!alone && (
        <Select name="contract" label={words.contract} hint={words.contractHint} options={contracts.map(({ id, name }) => ({ value: id, label: name }))} />
      )}
      <Field name="npi" label={words.npi} hint={words.npiHint} required plain />
      <Field name="code" label={of?.codeLabel ?? words.code} hint={of ? <span lang="en">{of.codeHelp}</span> : words.codeHint} required plain />
      <Button type="submit" busy={form.formState.isSubmitting}>
        {words.next}
      </Button>
    </Form>
  );
}
