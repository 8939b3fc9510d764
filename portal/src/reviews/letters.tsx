import { api, body } from "../api/client";
import { repairs, useAskLetter } from "../api/held-letters";
import type { Profile, Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { OpenFile } from "../ui/open-file";
import { WrittenIn } from "../ui/reading";
import { Time } from "../ui/time";
import { Missing, useWriteAgain } from "../ui/write-again";
import { useWords } from "../words/words";
import { lettersAwaited, type Case } from "./case-query";

/** The letters of determinations, and how each is brought to its reader. */
export function Letters({ of, zone, profile, read }: { of: Case; zone: string | undefined; profile: Profile | undefined; read: () => Promise<void> }) {
  const words = useWords().reviews.letters;
  const ask = useAskLetter();
  const again = useWriteAgain(of.held ?? [], (letter) => ask(of.key, letter), read);
  const awaited = lettersAwaited(of);
  const address = async (letter: string) =>
    (await body(api.GET("/staff/cases/{id}/letters/{letter}", { params: { path: { id: of.key, letter } } }))).url;
  return (
    <section aria-label={words.title}>
      <h2>{words.title}</h2>
      <p role="status" className={awaited ? "usa-hint" : "usa-sr-only"}>
        {awaited ? words.awaited : ""}
      </p>
      {of.letters.length === 0 && !awaited && <p>{words.none}</p>}
      {again.told}
      {of.held?.map((one) => (
        <Alert key={one.id} tone="warning" title={words.held(words.audience[one.audience])}>
          <Missing of={one} />
          {repairs(profile?.post?.role) && again.button(one.id, words.audience[one.audience], one.request)}
        </Alert>
      ))}
      <ul className="usa-list">
        {of.letters.map((letter) => (
          <li key={letter.id}>
            <OpenFile label={words.open(words.about[letter.about][letter.audience], letter.request)} address={() => address(letter.id)} />
            <br />
            <WrittenIn letter={letter} />
            <span className="usa-hint">
              <Time at={letter.at} zone={zone} />
            </span>
            {of.deliveries
              .filter((delivery) => delivery.letter === letter.id)
              .map((delivery) => (
                <Delivery key={delivery.letter} of={delivery} zone={zone} />
              ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Delivery({ of: { status, faxTo, calls, mail }, zone }: { of: Schemas["DeliveryView"]; zone: string | undefined }) {
  const words = useWords().reviews.letters;
  return (
    <div>
      {words.delivery[status]}
      {mail && (
        <>
          {", "}
          <Time at={mail.at} zone={zone} />
        </>
      )}
      {faxTo && (
        <>
          <br />
          {words.fax(faxTo)}
        </>
      )}
      {calls.length > 0 && (
        <ol className="usa-list">
          {calls.map(({ at, status: call }) => (
            <li key={at}>
              <Time at={at} zone={zone} />: {words.call[call.is]}
              {call.reason && <span lang="en"> ({call.reason})</span>}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
