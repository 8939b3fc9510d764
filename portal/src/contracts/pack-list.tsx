import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { api, body } from "../api/client";
import { useZones } from "../api/contracts";
import { useProfile } from "../api/profile";
import { STAY } from "../ui/asked";
import { Button, ButtonLink } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Empty } from "../ui/empty";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Table } from "../ui/table";
import { Day, Time } from "../ui/time";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import { packsQuery, type Pack } from "./packs";

/** The packs of a Contract Manager's contracts: those that hold or held, and those that may still be withdrawn. */
export function PackList() {
  const words = useWords().packs;
  const { data: profile } = useProfile("staff");
  const { state, pathname } = useLocation();
  const navigate = useNavigate();
  const applied = (state as { applied?: string } | null)?.applied;
  const [told, tell] = useState(applied);
  // It is told once: not again after a reload, or on the way back.
  useEffect(() => {
    if (applied) void navigate(pathname, { ...STAY, replace: true });
  }, [applied, pathname, navigate]);
  return (
    <>
      <Title>{words.title}</Title>
      {told && <Told>{told}</Told>}
      <p>{words.lead}</p>
      <ButtonLink to="/staff/packs/new">{words.add}</ButtonLink>
      {!profile && <Loading />}
      {profile && <Packs contracts={profile.value.contracts} onWithdrawn={tell} />}
    </>
  );
}

interface Props {
  contracts: readonly { id: string; name: string }[];
  onWithdrawn: (text: string) => void;
}

function Packs({ contracts, onWithdrawn }: Props) {
  const { packs: words, people } = useWords();
  const queries = useQueryClient();
  const ids = contracts.map(({ id }) => id);
  const zone = useZones(ids);
  const named = (id: string) => contracts.find((contract) => contract.id === id)?.name ?? id;
  const [asked, ask] = useState<Pack>();
  const { data, error, refetch } = useQuery(packsQuery(ids));
  return (
    <>
      {error && <RefusalAlert thrown={error} again={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && data.length === 0 && <Empty>{words.none}</Empty>}
      {data && data.length > 0 && (
        <Table
          caption={words.caption}
          rows={data}
          keyOf={({ contract, version }) => `${contract} ${version}`}
          columns={[
            { key: "contract", label: words.contract, cell: ({ contract }) => named(contract) },
            { key: "version", label: words.version, cell: ({ version }) => version },
            { key: "from", label: words.from, cell: ({ effectiveFrom }) => <Day day={effectiveFrom} /> },
            { key: "standing", label: people.status, cell: ({ standing }) => words.standing[standing] },
            { key: "applied", label: words.applied, cell: (pack) => <Applied pack={pack} zone={zone(pack.contract)} /> },
            {
              key: "withdraw",
              label: words.withdraw,
              screen: true,
              cell: (pack) =>
                pack.standing === "to-come" && (
                  <Button look="outline" aria-label={words.withdrawOne(pack.version)} onClick={() => ask(pack)}>
                    {words.withdraw}
                  </Button>
                ),
            },
          ]}
        />
      )}
      {asked && (
        <Confirm
          title={words.withdrawAsk(asked.version)}
          confirm={words.withdraw}
          danger
          send={async () => {
            await body(api.DELETE("/staff/contracts/{id}/packs/{version}", { params: { path: { id: asked.contract, version: asked.version } } }));
            await queries.invalidateQueries({ queryKey: ["packs"] });
            onWithdrawn(words.withdrawn(asked.version));
            ask(undefined);
          }}
          onClose={() => ask(undefined)}
        >
          <p>{words.withdrawText}</p>
        </Confirm>
      )}
    </>
  );
}

function Applied({ pack, zone }: { pack: Pack; zone: string | undefined }) {
  const words = useWords().packs;
  if (!pack.applied) return "–";
  return (
    <>
      <Time at={pack.applied} zone={zone} />
      {", "}
      {pack.appliedBy ?? words.operator}
    </>
  );
}
