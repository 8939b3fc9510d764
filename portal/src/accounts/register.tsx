import { useState } from "react";
import { Link } from "react-router";
import { useZones } from "../api/contracts";
import { useKept } from "../api/kept";
import type { Schemas } from "../api/types";
import { useFields } from "../ui/form";
import { useStepInHistory } from "../ui/step-in-history";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { AccountForm, NO_ACCOUNT, type Account } from "./account-form";
import { PairForm, type Pair, type PairFields } from "./pair-form";

/** A location and its Group Admin: the pair that proves it, the account, then the mailed link. */
export function Register() {
  const words = useWords().accounts.register;
  const [found, setFound] = useState<{ pair: Pair; verified: Schemas["Verified"] }>();
  const [invited, setInvited] = useState<Schemas["Invited"]>();
  const contract = found?.verified.contract.id;
  const zone = useZones(contract ? [contract] : [])(contract);
  const [step, go] = useStepInHistory<"pair" | "account" | "done">("pair", { pair: true, account: found !== undefined, done: invited !== undefined });
  const pair = useFields<PairFields>({ contract: "", npi: "", code: "" });
  const account = useFields<Account>(NO_ACCOUNT);
  // Nobody is signed in: it is given back to whoever proves the same location.
  useKept(account, `registration ${found?.pair.code}`, found?.pair.npi ?? "");
  if (step === "done" && invited) {
    return (
      <>
        <Title key="done">{words.doneTitle}</Title>
        <p>{words.done(invited.username, invited.email)}</p>
        {invited.linkValidUntil && (
          <p>
            {words.until} <Time at={invited.linkValidUntil} zone={zone} />.
          </p>
        )}
      </>
    );
  }
  if (step === "account" && found) {
    return (
      <>
        <Title key="account">{words.accountStep}</Title>
        <Location {...found} />
        <AccountForm
          {...found}
          form={account}
          onInvited={(now) => {
            pair.reset();
            account.reset();
            setInvited(now);
            // Behind it another location may be registered; this one is.
            go("done", "replace");
          }}
        />
      </>
    );
  }
  return (
    <>
      <Title key="pair">{words.title}</Title>
      <p>{words.lead}</p>
      <PairForm
        form={pair}
        onVerified={(proved, verified) => {
          setInvited(undefined);
          setFound({ pair: proved, verified });
          go("account");
        }}
      />
      <p>
        <Link to="/sign-in">{words.toSignIn}</Link>
      </p>
    </>
  );
}

/** What is about to be registered: whoever mistyped a digit sees another place here. */
function Location({ pair, verified: { provider, contract } }: { pair: Pair; verified: Schemas["Verified"] }) {
  const words = useWords().accounts.register;
  return (
    <section aria-labelledby="location" className="bg-base-lightest padding-2">
      <h2 id="location" className="margin-top-0">
        {words.location}
      </h2>
      <p>
        <strong>{provider.name}</strong>
        {[provider.providerType, ...provider.address, contract.name].map((line) => (
          <span key={line} className="display-block">
            {line}
          </span>
        ))}
      </p>
      <p className="margin-bottom-0">
        {words.npi}: {pair.npi}
        <span className="display-block">
          {contract.codeLabel}: {pair.code}
        </span>
      </p>
    </section>
  );
}
