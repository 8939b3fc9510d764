import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { alertsPage, readAlerts, unreadQuery, type AlertView } from "../api/alerts";
import { useZones } from "../api/contracts";
import { through, useDoor } from "../api/door";
import { Button } from "../ui/button";
import { RefusalAlert } from "../ui/refusal";
import { PagedTable } from "../ui/table";
import { Day, Time } from "../ui/time";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords } from "../words/words";

/** News on the cases of whoever is signed in, the newest first. Opening one marks it as read. */
export function Alerts() {
  const words = useWords().alerts;
  const door = useDoor();
  const [newest, setNewest] = useState<string>();
  const [told, setTold] = useState(0);
  const [refused, setRefused] = useState<{ thrown: unknown }>();
  const [busy, setBusy] = useState(false);
  const { data: unread = 0 } = useQuery(unreadQuery(door));
  const readAll = async (upTo: string) => {
    setBusy(true);
    setRefused(undefined);
    try {
      await readAlerts(door, { upTo });
      setTold((count) => count + 1);
    } catch (thrown) {
      setRefused({ thrown });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Title>{words.title}</Title>
      <p>{words.lead}</p>
      {told > 0 && <Told key={told}>{words.allRead}</Told>}
      {refused && <RefusalAlert thrown={refused.thrown} />}
      <PagedTable
        caption={words.title}
        headed
        queryKey={["alerts", door, "list"]}
        page={async (cursor) => {
          const { alerts, next } = await alertsPage(door, cursor);
          if (!cursor) setNewest(alerts[0]?.id);
          return { rows: alerts, cursor: next };
        }}
        keyOf={({ id }) => id}
        columns={[
          { key: "news", label: words.news, cell: (alert) => <News of={alert} /> },
          { key: "case", label: words.caseId, cell: ({ caseId }) => caseId },
          { key: "at", label: words.at, cell: (alert) => <At of={alert} /> },
          { key: "state", label: words.state, cell: ({ read }) => (read ? words.read : <strong className="usa-tag">{words.fresh}</strong>) },
        ]}
        empty={words.none}
      >
        {unread > 0 && newest && (
          <Button look="outline" busy={busy} onClick={() => void readAll(newest)}>
            {words.readAll}
          </Button>
        )}
      </PagedTable>
    </>
  );
}

/** In the zone of its own contract: one reader may work for several. */
function At({ of: { at, contract } }: { of: AlertView }) {
  return <Time at={at} zone={useZones([contract])(contract)} />;
}

function News({ of: { id, case: key, caseId, request, news, due, read } }: { of: AlertView }) {
  const words = useWords().alerts;
  const door = useDoor();
  return (
    <>
      <Link
        to={through(door, news === "message" ? `/cases/${key}/messages` : `/cases/${key}`)}
        onClick={() => {
          // Whether that succeeds keeps nobody from the case.
          if (!read) readAlerts(door, { alert: id }).catch(() => undefined);
        }}
      >
        {words.told[news](request)}
        {caseId && <span className="usa-sr-only">, {caseId}</span>}
      </Link>
      {due && (
        <span className="display-block">
          {words.due} <Day day={due} />
        </span>
      )}
    </>
  );
}
