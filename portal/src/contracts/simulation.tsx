import { useState } from "react";
import { api, body } from "../api/client";
import { useZones } from "../api/contracts";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Table } from "../ui/table";
import { Day, Time } from "../ui/time";
import { useWords } from "../words/words";

type Simulated = Schemas["Simulated"];
type Verdict = Schemas["VerdictView"];

/** What a pack's rules of automatic review would have made of past requests, when it is asked for. */
export function Simulation({ contract, archive }: { contract: string; archive: string }) {
  const words = useWords().packs.simulation;
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<Simulated>();
  const [refused, setRefused] = useState<{ thrown: unknown }>();
  const run = async () => {
    setBusy(true);
    setRefused(undefined);
    try {
      setFound(await body(api.POST("/staff/contracts/{id}/packs/simulations", { params: { path: { id: contract } }, body: { archive } })));
    } catch (thrown) {
      setRefused({ thrown });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <h3>{words.title}</h3>
      <p>{words.lead}</p>
      <Button look="outline" busy={busy} onClick={() => void run()}>
        {words.run}
      </Button>
      {busy && <Loading />}
      {refused && <RefusalAlert thrown={refused.thrown} again={() => void run()} />}
      {found && !busy && <Found found={found} contract={contract} />}
    </>
  );
}

function Found({ found, contract }: { found: Simulated; contract: string }) {
  const words = useWords().packs.simulation;
  const zone = useZones([contract])(contract);
  const { approved, modified, denied, none } = found.newlyApproved;
  const fresh = approved + modified + denied + none;
  return (
    <div role="status">
      <p>
        <Day day={found.from} /> – <Day day={found.to} />
      </p>
      {found.of === 0 && <p>{words.nothing}</p>}
      {found.of > 0 && <p>{words.figures(found.requests, found.approvedBefore, found.approvedAfter)}</p>}
      {found.of > found.requests && <p>{words.latest(found.requests, found.of)}</p>}
      {fresh > 0 && <p>{words.fresh(fresh, approved, modified, denied, none)}</p>}
      {found.of > 0 && found.differs.length === 0 && <p>{words.alike}</p>}
      {found.differs.length > 0 && (
        <Table
          caption={words.caption}
          rows={found.differs}
          keyOf={({ caseId, request }) => `${caseId} ${request}`}
          columns={[
            { key: "case", label: words.caseId, cell: ({ caseId, request }) => `${caseId} ${request}` },
            { key: "received", label: words.received, cell: ({ received }) => <Time at={received} zone={zone} /> },
            { key: "before", label: words.before, cell: ({ before }) => <By verdict={before} /> },
            { key: "after", label: words.after, cell: ({ after }) => <By verdict={after} /> },
            { key: "decided", label: words.decided, cell: ({ decided }) => (decided ? words.outcome[decided] : "–") },
          ]}
        />
      )}
    </div>
  );
}

function By({ verdict: { rule, why } }: { verdict: Verdict }) {
  const words = useWords().packs.simulation;
  if (rule) return words.approvedBy(rule);
  return (
    <>
      {words.person}
      {why && (
        <>
          {" "}
          <span lang="en">{why}</span>
        </>
      )}
    </>
  );
}
