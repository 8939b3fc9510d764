import { api, body } from "../api/client";
import { PagedTable } from "../ui/table";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

/** Where a provider's day begins: with what was saved and waits to be submitted. */
export function Home() {
  const words = useWords().cases.home;
  return (
    <>
      <Title>{words.title}</Title>
      <PagedTable
        caption={words.saved}
        queryKey={["cases", "draft"]}
        page={async (cursor) => {
          const query = { status: "draft", ...(cursor ? { cursor } : {}) };
          const { cases, next } = await body(api.GET("/cases", { params: { query } }));
          return { rows: cases, cursor: next };
        }}
        keyOf={({ key }) => key}
        columns={[
          { key: "member", label: words.member, cell: ({ memberName }) => memberName },
          { key: "requesting", label: words.requesting, cell: ({ requestingName }) => requestingName },
          { key: "status", label: words.status, cell: ({ statusLabel }) => statusLabel },
          { key: "changed", label: words.changed, cell: ({ changedAt }) => <Time at={changedAt} /> },
        ]}
        empty={words.none}
      />
    </>
  );
}
