import { api, body } from "../api/client";
import { useProfile } from "../api/profile";
import { ButtonLink } from "../ui/button";
import { PagedTable } from "../ui/table";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { changedColumn, memberColumn, requestingColumn, settingColumn } from "./listed-columns";
import { Requests } from "./requests";

/** Where a provider's day begins: with what was saved and waits to be submitted. */
export function Home() {
  const words = useWords().cases;
  const { data: profile } = useProfile("provider");
  return (
    <>
      <Title>{words.home.title}</Title>
      <p>
        <ButtonLink to="/cases/new">{words.create.title}</ButtonLink>
      </p>
      {profile?.value.roles.length === 0 && <p>{words.home.noProviders}</p>}
      <h2>{words.home.saved}</h2>
      <PagedTable
        caption={words.home.saved}
        headed
        queryKey={["cases", "draft"]}
        page={drafts}
        keyOf={({ key }) => key}
        columns={[memberColumn(words), requestingColumn(words), settingColumn(words), changedColumn(words)]}
        empty={words.home.none}
      />
      <Requests />
    </>
  );
}

async function drafts(cursor: string | undefined) {
  const { cases, next } = await body(api.GET("/cases", { params: { query: { status: "draft", ...(cursor ? { cursor } : {}) } } }));
  return { rows: cases, cursor: next };
}
