import { useState } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { Field } from "../ui/field";
import { useWords } from "../words/words";
import { RULES, keeps } from "./passwords";

/** The values of the two fields; only `password` is the API's. */
export interface NewPasswords {
  password: string;
  confirmPassword: string;
}

export const NO_PASSWORDS: NewPasswords = { password: "", confirmPassword: "" };

/** A new password, twice, with its rules ticked off while it is typed. */
export function NewPasswordFields() {
  const words = useWords().accounts.enrol;
  const { control, getValues } = useFormContext<NewPasswords>();
  const password = useWatch({ control, name: "password" });
  const [shown, setShown] = useState(false);
  const type = shown ? "text" : "password";
  return (
    <>
      <Field name="password" label={words.newPassword} type={type} required autoComplete="new-password" plain>
        <div>
          <p id="rules-label" className="margin-bottom-0">
            {words.rules}
          </p>
          <ul className="rules" aria-labelledby="rules-label">
            {RULES.map((rule) => (
              <li key={rule} data-kept={keeps(rule, password)}>
                {words.rule[rule]}
                <span className="usa-sr-only">, {keeps(rule, password) ? words.kept : words.open}</span>
              </li>
            ))}
          </ul>
        </div>
      </Field>
      <Field
        name="confirmPassword"
        label={words.confirmPassword}
        type={type}
        required
        autoComplete="new-password"
        plain
        rules={{ validate: (value: string) => value === getValues("password") || words.differ }}
      />
      <div className="usa-checkbox margin-top-1">
        <input id="show" type="checkbox" className="usa-checkbox__input" checked={shown} onChange={(event) => setShown(event.target.checked)} />
        <label className="usa-checkbox__label" htmlFor="show">
          {words.show}
        </label>
      </div>
    </>
  );
}
