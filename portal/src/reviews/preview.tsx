import type { Profile, Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Facts } from "../ui/facts";
import { Day } from "../ui/time";
import { useWords } from "../words/words";
import type { Case, Line, Request } from "./case-query";
import { isAdverse, rollUp, type LineValues, type Values } from "./decision";
import { Criteria } from "./determination";
import { LetterLinks } from "./letter-links";
import { Asked, amount } from "./lines";

interface Props {
  of: Case;
  request: Request;
  contract: Schemas["PublicContract"] | undefined;
  profile: Profile;
  values: Values;
  letters: readonly Schemas["PreviewedLetter"][];
  /** It takes the place of an earlier decision. */
  corrects?: boolean;
  onAnswer: (issue: boolean) => void;
}

/** Everything that the letters will rest on, and the letters themselves, before they are issued. */
export function Preview({ of, request, contract, profile, values, letters, corrects = false, onAnswer }: Props) {
  const words = useWords().reviews.decide;
  const adverse = isAdverse(values);
  const { post, contact } = profile;
  const name = [`${contact.firstName} ${contact.lastName}`, post?.credential, post?.specialty].filter(Boolean).join(", ");
  return (
    <Dialog title={words.previewTitle} wide onClose={() => onAnswer(false)}>
      <p>{words.previewLead}</p>
      <LetterLinks letters={letters} />
      <Facts
        facts={[
          { label: words.whole, value: words.outcome[rollUp(values)] },
          { label: words.decidedBy, value: name },
          { label: words.license, value: post?.license && `${post.license.state} ${post.license.number}` },
          { label: words.toProvider, value: `${of.requesting.name}, ${words.byFax(of.submission?.fax ?? of.fax)}` },
          { label: words.toMember, value: `${of.member.firstName} ${of.member.lastName}, ${words.byMail(of.member.address.join(", "))}` },
          { label: words.support, value: contract && `${contract.support.phone}, ${contract.support.email}` },
        ]}
      />
      {request.lines.map((line, place) => {
        const typed = values.lines[place];
        // Lines of a submitted request stay as they are, in their order.
        // oxlint-disable-next-line react/no-array-index-key
        return typed && <OneLine key={place} line={line} place={place} typed={typed} />;
      })}
      {adverse && <Criteria of={values.criteria} />}
      {adverse && contract && (
        <>
          <h4>{words.deadlines}</h4>
          <ul className="usa-list">
            {contract.windows.reconsiderationDays > 0 && <li>{words.reconsideration(contract.windows.reconsiderationDays)}</li>}
            {contract.windows.peerToPeerDays > 0 && <li>{words.peerToPeer(contract.windows.peerToPeerDays)}</li>}
            {contract.windows.appealDays > 0 && <li>{words.appeal(contract.windows.appealDays)}</li>}
            {(request.review === "concurrent" || request.review === "renewal") && contract.windows.advanceNoticeDays > 0 && (
              <li>{words.continuation(contract.windows.advanceNoticeDays)}</li>
            )}
          </ul>
        </>
      )}
      <div className="usa-button-group margin-top-2">
        <Button onClick={() => onAnswer(true)}>{corrects ? words.issueCorrection : words.issue}</Button>
        <Button look="outline" onClick={() => onAnswer(false)}>
          {words.back}
        </Button>
      </div>
    </Dialog>
  );
}

function OneLine({ line, place, typed }: { line: Line; place: number; typed: LineValues }) {
  const { request, decide: words } = useWords().reviews;
  const all = typed.outcome === "approved";
  return (
    <>
      <h3>{`${request.line(place + 1)}: ${[line.code, ...line.modifiers].join(" ")}`}</h3>
      <Facts
        facts={[
          { label: request.outcome, value: typed.outcome && words.outcome[typed.outcome] },
          { label: request.asked, value: <Asked line={line} /> },
          {
            label: request.authorized,
            value: all ? (
              <Asked line={line} />
            ) : typed.outcome === "denied" ? (
              request.nothing
            ) : (
              <>
                {amount(Number(typed.units), line.unit, request)}
                <br />
                <Day day={typed.from} /> – <Day day={typed.to} />
              </>
            ),
          },
          { label: request.reason, value: all ? undefined : <span className="typed">{typed.reason}</span> },
        ]}
      />
    </>
  );
}
