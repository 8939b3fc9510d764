import type { Schemas } from "../api/types";
import { Time } from "../ui/time";
import { useWords } from "../words/words";
import type { CaseView } from "./queries";

type Delivery = Schemas["DeliveryView"];

/** How each letter was brought to its reader: every call to the fax number, what the carrier said, and the mail. */
export function Deliveries({ found, zone }: { found: CaseView; zone: string }) {
  return found.deliveries.map((delivery) => <DeliveryCard key={delivery.letter + delivery.request} delivery={delivery} found={found} zone={zone} />);
}

function DeliveryCard({ delivery, found, zone }: { delivery: Delivery; found: CaseView; zone: string }) {
  const words = useWords().cases;
  const { letter, request, faxTo, status, calls, mail } = delivery;
  const told = found.letters.find(({ id }) => id === letter);
  // A corrected decision has letters of the same name: their order tells them apart.
  const alike = found.letters.filter((other) => told && other.request === told.request && other.about === told.about && other.audience === told.audience);
  return (
    <section className="card" aria-labelledby={`delivery-${letter}`}>
      <h3 id={`delivery-${letter}`} className="margin-0">
        {[told && words.letters.to[told.about][told.audience], request].filter(Boolean).join(", ")}
        {alike.length > 1 && ` (${alike.findIndex(({ id }) => id === letter) + 1})`}: {words.deliveries.statuses[status]}
      </h3>
      {faxTo && <p>{words.deliveries.faxTo(faxTo)}</p>}
      {calls.length > 0 && (
        <ol className="usa-list">
          {calls.map((call) => (
            <li key={call.at}>
              <Time at={call.at} zone={zone} />: <CallState says={call.status} />
            </li>
          ))}
        </ol>
      )}
      {mail && (
        <p>
          <Time at={mail.at} zone={zone} />: {mail.refused ? words.deliveries.mailRefused(mail.refused) : words.deliveries.mails[mail.why]}
        </p>
      )}
    </section>
  );
}

function CallState({ says: { is, pages, reason } }: { says: Schemas["StatusView"] }) {
  const words = useWords().cases;
  return (
    <>
      {words.deliveries.calls[is]}
      {pages ? `, ${words.attachments.pages(pages)}` : ""}
      {reason && (
        <>
          {" "}
          (<span lang="en">{reason}</span>)
        </>
      )}
    </>
  );
}
