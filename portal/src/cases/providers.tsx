import { useWatch, type UseFormReturn } from "react-hook-form";
import { api, body } from "../api/client";
import { Button } from "../ui/button";
import { Errors, Field, Star } from "../ui/field";
import { SearchBox } from "../ui/search-box";
import { useWords } from "../words/words";
import { providersRows } from "./rows";
import { StepForm, type StepProps } from "./step-form";
import { providersStep, type Provider, type Providers } from "./steps";
import { useStep } from "./use-step";

export function ProvidersPage({ found, owner }: StepProps) {
  const words = useWords().cases;
  const handle = useStep(providersStep, found, owner);
  const { contract, requesting } = found.value;
  const { form } = handle;
  const servicing = useWatch({ control: form.control, name: "servicing" });
  return (
    <StepForm handle={handle} of={found.value} step="providers" rows={(values) => providersRows(values, words)}>
      <h2>{words.requesting}</h2>
      <ProviderCard provider={requesting} />
      <Choice form={form} name="servicing" contract={contract} label={words.providers.servicing} find={words.providers.findServicing} required />
      {servicing?.id !== requesting.id && (
        <Button look="outline" onClick={() => form.setValue("servicing", requesting)}>
          {words.providers.same}
        </Button>
      )}
      <Choice form={form} name="attending" contract={contract} label={words.providers.attending} find={words.providers.findAttending} hint={words.providers.attendingHint} />
      <Field name="fax" label={words.providers.fax} hint={words.providers.faxHint} type="tel" required width="medium" />
    </StepForm>
  );
}

interface ChoiceProps {
  form: UseFormReturn<Providers>;
  name: "servicing" | "attending";
  contract: string;
  label: string;
  find: string;
  hint?: string;
  required?: boolean;
}

/** A provider of the registry: found by NPI or name, shown as a card, changed by another search. */
function Choice({ form, name, contract, label, find, hint, required }: ChoiceProps) {
  const words = useWords();
  form.register(name, required ? { required: words.ui.missing(label) } : {});
  const chosen = useWatch({ control: form.control, name });
  const error = form.formState.errors[name]?.message;
  return (
    <>
      <h2>
        {label}
        {required && <Star />}
      </h2>
      {hint && <p className="usa-hint">{hint}</p>}
      {chosen && (
        <ProviderCard provider={chosen}>
          <Button look="link" aria-label={words.cases.providers.updateWhat(label)} onClick={() => document.getElementById(name)?.focus()}>
            {words.cases.providers.update}
          </Button>{" "}
          <Button look="link" aria-label={words.cases.providers.remove(label)} onClick={() => form.setValue(name, null)}>
            {words.cases.remove}
          </Button>
        </ProviderCard>
      )}
      {!chosen && <Errors id={name} text={error} />}
      <ProviderSearch
        id={name}
        label={find}
        contract={contract}
        onChoose={(provider) => {
          form.clearErrors(name);
          form.setValue(name, provider);
        }}
      />
    </>
  );
}

interface SearchProps {
  id: string;
  label: string;
  contract: string;
  onChoose: (provider: Provider) => void;
}

/** Finds a provider of the registry: by NPI, or by name where that is not at hand. */
export function ProviderSearch({ id, label, contract, onChoose }: SearchProps) {
  const words = useWords().cases.providers;
  const ways = [
    { by: "npi", id, label: words.npi, hint: words.npiHint, least: 10 },
    { by: "name", id: `${id}-name`, label: words.name, hint: words.nameHint, least: 3 },
  ] as const;
  return (
    <fieldset className="usa-fieldset margin-top-3">
      <legend className="usa-legend text-bold">{label}</legend>
      {ways.map(({ by, ...box }) => (
        <SearchBox<Provider>
          key={by}
          {...box}
          of={["providers", contract, by]}
          find={async (text, signal) => {
            const npi = text.replaceAll(/\D/g, "");
            if (by === "npi" && npi.length !== 10) return [];
            const query = { contract, [by]: by === "npi" ? npi : text };
            return (await body(api.GET("/providers", { params: { query }, signal }))).providers;
          }}
          keyOf={({ id: key }) => key}
          text={textOf}
          row={(provider) => (
            <>
              {textOf(provider)} <span className="usa-link">{words.choose}</span>
            </>
          )}
          onChoose={onChoose}
        />
      ))}
    </fieldset>
  );
}

const textOf = ({ name, npi, providerType, address }: Provider) => [name, npi, providerType, ...address].filter(Boolean).join(", ");

export function ProviderCard({ provider: { name, npi, providerType, address }, children }: { provider: Provider; children?: React.ReactNode }) {
  const words = useWords().cases.providers;
  return (
    <div className="card">
      <p className="margin-0">
        <strong>{name}</strong>
        {npi && `, ${words.npi} ${npi}`}
      </p>
      <p className="margin-0">{providerType}</p>
      <p className="margin-0">{address.join(", ")}</p>
      {children}
    </div>
  );
}
