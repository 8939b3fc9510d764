import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { api, body } from "../api/client";
import { useZones } from "../api/contracts";
import { through, useDoor } from "../api/door";
import type { Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { Button } from "../ui/button";
import { CopyText } from "../ui/copy-text";
import { Facts } from "../ui/facts";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Day, Time } from "../ui/time";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

type CheckView = Schemas["CheckView"];

const TONES = { required: "warning", "not-required": "info", call: "info" } as const;

/** An answer as it was given, to print and to quote. */
export function Answer() {
  const words = useWords().contracts;
  const { number = "" } = useParams();
  const door = useDoor();
  const params = { params: { path: { number } } };
  const { data, error, refetch } = useQuery({
    queryKey: ["check", door, number],
    queryFn: () => body(door === "staff" ? api.GET("/staff/checks/{number}", params) : api.GET("/checks/{number}", params)),
    // What was answered stands.
    staleTime: Infinity,
  });
  return (
    <>
      <Title>{words.answer}</Title>
      {error ? <RefusalAlert thrown={error} again={() => void refetch()} /> : data ? <Found found={data} /> : <Loading />}
      <p className="screen">
        <Link to={through(door, "/checks")}>{door === "staff" ? words.lookUp : words.another}</Link>
      </p>
    </>
  );
}

function Found({ found }: { found: CheckView }) {
  const { contracts: words, requests } = useWords();
  const zone = useZones([found.contract])(found.contract);
  const { member } = found;
  return (
    <>
      <Alert tone={TONES[found.verdict]} title={words.verdict[found.verdict]}>
        {found.reasons.map((reason) => (
          <p key={reason} lang="en">
            {reason}
          </p>
        ))}
      </Alert>
      <p className="case-id">
        {words.number}: <CopyText text={found.number} what={words.number} />
      </p>
      <Facts
        facts={[
          { label: words.contract, value: found.contractName },
          { label: words.code, value: [found.code, ...found.modifiers].join(" ") },
          { label: words.setting, value: requests.settings[found.setting] },
          { label: words.serviceType, value: found.serviceType },
          { label: words.on, value: <Day day={found.on} /> },
          { label: words.member, value: member && `${member.firstName} ${member.lastName}` },
          { label: words.birthDate, value: member && <Day day={member.birthDate} /> },
          { label: words.age, value: found.age },
          { label: words.rule, value: found.rule && <span lang="en">{found.rule}</span> },
          { label: words.version, value: found.version },
          { label: words.at, value: <Time at={found.at} zone={zone} /> },
          { label: words.by, value: found.by },
          { label: words.support, value: found.supportPhone },
        ]}
      />
      <p>{words.noPromise}</p>
      <p>
        <Button look="outline" onClick={() => window.print()}>
          {words.print}
        </Button>
      </p>
    </>
  );
}
