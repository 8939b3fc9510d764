import { api, body, ifMatch } from "../api/client";
import { useDoor } from "../api/door";
import { at, type Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { useWords } from "../words/words";

interface Props {
  kind: "email" | "phone" | "fax";
  /** Masked. */
  sentTo: string;
  version: string;
  onSaved: (edited: Schemas["EditedProfile"]) => void;
}

/** The PIN that proves a new address or number. */
export function PinForm({ kind, sentTo, version, onSaved }: Props) {
  const words = useWords().accounts;
  const door = useDoor();
  const name = `${kind}Pin` as const;
  const form = useFields<{ emailPin?: string; phonePin?: string; faxPin?: string }>({ [name]: "" });
  const label = words.profile[name];
  return (
    <Form
      form={form}
      label={label}
      send={async (pin) => onSaved(await body(api.PATCH(at(door, "/me"), { params: { header: ifMatch(version) }, body: pin })))}
    >
      <p>{words.profile.awaits[kind](sentTo)}</p>
      <Field name={name} label={label} hint={words.code.digits} required inputMode="numeric" autoComplete="one-time-code" width="medium" plain />
      <Button type="submit" busy={form.formState.isSubmitting}>
        {words.code.confirm}
      </Button>
    </Form>
  );
}
