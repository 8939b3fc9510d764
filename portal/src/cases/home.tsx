import { useState } from "react";
import { api, body } from "../api/client";
import { useProfile } from "../api/profile";
import type { Schemas } from "../api/types";
import { ButtonLink } from "../ui/button";
import { PagedTable, type Column } from "../ui/table";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords, type Words } from "../words/words";
import { CancelDraft } from "./cancel-draft";
import { changedColumn, memberColumn, requestingColumn, settingColumn } from "./listed-columns";
import { Requests } from "./requests";

/** Where a provider's day begins: with what was saved and waits to be submitted. */
export function Home() {
  const words = useWords().cases;
  const { data: profile } = useProfile("provider");
  const [told, tell] = useState<string>();
  return (
    <>
      <Title>{words.home.title}</Title>
      <p>
        <ButtonLink to="/cases/new">{words.create.title}</ButtonLink>
      </p>
      {profile?.value.roles.length === 0 && <p>{words.home.noProviders}</p>}
      <h2>{words.home.saved}</h2>
      {told && <Told>{told}</Told>}
      <PagedTable
        caption={words.home.saved}
        headed
        queryKey={["cases", "draft"]}
        page={drafts}
        keyOf={({ key }) => key}
        columns={[memberColumn(words), requestingColumn(words), settingColumn(words), changedColumn(words), cancelColumn(words, tell)]}
        empty={words.home.none}
      >
        <Requests />
      </PagedTable>
    </>
  );
}

async function drafts(cursor: string | undefined) {
  const { cases, next } = await body(api.GET("/cases", { params: { query: { status: "draft", ...(cursor ? { cursor } : {}) } } }));
  return { rows: cases, cursor: next };
}

function cancelColumn(words: Words["cases"], tell: (said: string) => void): Column<Schemas["ListedCase"]> {
  return {
    key: "cancel",
    label: words.home.action,
    screen: true,
    cell: ({ key, memberName }) => <CancelDraft of={key} who={memberName} short onDone={tell} />,
  };
}
