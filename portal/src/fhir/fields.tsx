import { useFormContext } from "react-hook-form";
import { Button } from "../ui/button";
import { Checkboxes } from "../ui/choices";
import { Field, TextArea } from "../ui/field";
import { useWords } from "../words/words";
import { SCOPES } from "./system";

/** The NPIs of the providers that a system acts for, one field each. */
export function Providers() {
  const words = useWords().fhir;
  const { watch, setValue } = useFormContext<{ providers: string[] }>();
  const providers = watch("providers");
  // A field is its place: what is typed stands in the form.
  const fields = providers.map((_, place) => ({ name: `providers.${place}`, label: words.npi(place + 1) }));
  return (
    <fieldset className="usa-fieldset margin-top-3" id="providers">
      <legend className="usa-legend text-bold">{words.providers}</legend>
      <p className="usa-hint">{words.providersHint}</p>
      {fields.map(({ name, label }) => (
        <Field key={name} name={name} label={label} required width="medium" inputMode="numeric" maxLength={10} plain />
      ))}
      <p className="margin-top-2">
        <Button look="outline" onClick={() => setValue("providers", [...providers, ""], { shouldDirty: true })}>
          {words.anotherProvider}
        </Button>{" "}
        {providers.length > 1 && (
          <Button look="link" onClick={() => setValue("providers", providers.slice(0, -1), { shouldDirty: true })}>
            {words.lastAway}
          </Button>
        )}
      </p>
    </fieldset>
  );
}

/** What a system may do. */
export function Scopes() {
  const words = useWords().fhir;
  return <Checkboxes name="scopes" label={words.scopes} required options={SCOPES.map((scope) => ({ value: scope, label: words.scope[scope], about: words.scopeName[scope] }))} />;
}

/** Its public keys, pasted. */
export function Keys() {
  const words = useWords().fhir;
  return <TextArea name="jwks" label={words.keys} hint={words.keysHint} required rows={8} maxLength={20000} />;
}
