import { useWords } from "../words/words";
import { Checkbox } from "./choices";

interface Props {
  /** Each with the name of its contract, where there may be several. */
  terms: { name?: string; text: string }[];
}

/** Terms of Use to read, and the box to check. The form has the field `termsAcknowledged`. */
export function TermsOfUse({ terms }: Props) {
  const words = useWords().accounts.register;
  return (
    <>
      {terms.map(({ name, text }, place) => (
        <div key={name ?? ""}>
          <h2 id={`terms-${place}`}>{name ? words.termsOf(name) : words.terms}</h2>
          {/* Long terms scroll: by keyboard too. */}
          <div className="terms" role="region" aria-labelledby={`terms-${place}`} tabIndex={0} lang="en">
            {text}
          </div>
        </div>
      ))}
      <Checkbox name="termsAcknowledged" label={words.acknowledge} rules={{ required: words.mustAcknowledge }} />
    </>
  );
}
