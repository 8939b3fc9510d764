import { CopyText } from "../ui/copy-text";
import { Facts } from "../ui/facts";
import { Reads } from "../ui/reading";
import { Day, Time } from "../ui/time";
import type { Schemas } from "../api/types";
import { useWords, type Words } from "../words/words";
import type { Case } from "./case-query";

type Provider = Schemas["ProviderView"];

/** Who the case is about, who asks, and for which service. */
export function CaseFacts({ of, zone }: { of: Case; zone: string | undefined }) {
  const { reviews: { case: words }, requests: { reading } } = useWords();
  const { member, service, submission } = of;
  return (
    <>
      {of.caseId && (
        <p>
          {words.caseId}: <CopyText text={of.caseId} what={words.caseId} />
        </p>
      )}
      <Facts
        facts={[
          { label: words.member, value: `${member.firstName} ${member.lastName}` },
          { label: words.memberNumber, value: member.memberNumber ?? (member.temporary ? words.temporary : undefined) },
          { label: words.born, value: <Day day={member.birthDate} /> },
          { label: words.address, value: member.address.join(", ") },
          { label: reading.title, value: <Reads member={member} /> },
          { label: words.requesting, value: provider(of.requesting, words) },
          { label: words.servicing, value: of.servicing && provider(of.servicing, words) },
          { label: words.attending, value: of.attending && provider(of.attending, words) },
          { label: words.contract, value: of.contractName },
          { label: words.setting, value: words.settings[of.setting] },
          { label: words.service, value: service && <span lang="en">{service.serviceTypeLabel}</span> },
          { label: words.place, value: service && <span lang="en">{service.placeOfServiceLabel}</span> },
          { label: words.stay, value: service?.stay && <Stay stay={service.stay} /> },
          { label: words.submitted, value: submission && <Time at={submission.at} zone={zone} /> },
          { label: words.submittedBy, value: submission?.system ? words.bySystem(submission.system) : submission?.by },
          { label: words.fax, value: submission?.fax ?? of.fax },
        ]}
      />
      <h2>{words.diagnoses}</h2>
      <ul className="usa-list">
        {of.diagnoses.map(({ code, description, primary }) => (
          <li key={code}>
            <strong>{code}</strong> <span lang="en">{description}</span> {primary && `(${words.primary})`}
          </li>
        ))}
      </ul>
    </>
  );
}

function provider({ name, npi, providerType }: Provider, words: Words["reviews"]["case"]): string {
  return [name, providerType, npi ? `${words.npi} ${npi}` : ""].filter(Boolean).join(", ");
}

function Stay({ stay }: { stay: Schemas["StayView"] }) {
  const words = useWords().reviews.case;
  return (
    <>
      {words.admissions[stay.admission]}, <Day day={stay.admitted} />
      {stay.discharged && (
        <>
          {" – "}
          <Day day={stay.discharged} />
        </>
      )}
    </>
  );
}
