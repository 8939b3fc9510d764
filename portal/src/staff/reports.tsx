import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { api, body, ifMatch } from "../api/client";
import { isRefused } from "../api/refused";
import type { Schemas } from "../api/types";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Table } from "../ui/table";
import { useWords } from "../words/words";

type Part = Schemas["PartView"];

export function reportsQuery(name: string) {
  return queryOptions({ queryKey: ["reports", name], queryFn: () => body(api.GET("/staff/users/{name}/reports", { params: { path: { name } } })) });
}

const has = ({ role }: Part) => role === "group-admin-reports" || role === "provider-admin-reports";

/** Where a user has reports, given and taken one by one. */
export function Reports({ granted, onDone }: { granted: Schemas["GrantedReports"]; onDone: (what: string) => void }) {
  const { staff, people } = useWords();
  const words = staff.support;
  const queries = useQueryClient();
  const [asked, ask] = useAsked();
  const key = reportsQuery(granted.username).queryKey;
  const at = (part: Part) => part.providerName ?? part.provider;
  const part = granted.roles.find(({ provider }) => asked === `reports-${provider}`);
  const change = async (of: Part) => {
    const params = { path: { name: granted.username }, header: ifMatch(`"${granted.version}"`) };
    try {
      await api.PUT("/staff/users/{name}/reports", { params, body: { provider: of.provider, reports: !has(of) } });
    } catch (thrown) {
      if (isRefused(thrown, "stale")) await queries.invalidateQueries({ queryKey: key });
      throw thrown;
    }
    ask();
    onDone(has(of) ? words.taken(at(of)) : words.given(at(of)));
  };
  return (
    <>
      <Table
        caption={words.reportsCaption}
        rows={granted.roles}
        keyOf={({ provider }) => provider}
        columns={[
          { key: "provider", label: words.provider, cell: at },
          { key: "role", label: words.role, cell: ({ role }) => people.role[role] },
          {
            key: "change",
            label: words.action,
            cell: (one) =>
              one.role === "staff" ? (
                words.noStaff
              ) : (
                <Button look="outline" onClick={() => ask(`reports-${one.provider}`)}>
                  {has(one) ? words.takeAt(at(one)) : words.giveAt(at(one))}
                </Button>
              ),
          },
        ]}
      />
      {part && (
        <Confirm
          title={has(part) ? words.takeAt(at(part)) : words.giveAt(at(part))}
          confirm={has(part) ? words.take : words.give}
          send={() => change(part)}
          onClose={() => ask()}
        >
          <p>{has(part) ? words.takeText : words.giveText}</p>
        </Confirm>
      )}
    </>
  );
}
