import { Link, useParams } from "react-router";
import { accessesOf } from "../api/accesses";
import { Accesses } from "../ui/accesses";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { Local } from "./local";
import { useCase } from "./queries";

/** Who has viewed a case, as its provider's side is told. */
export function AccessesPage() {
  const words = useWords().accesses;
  const { id = "" } = useParams();
  const { caseId } = useCase(id).data?.value ?? {};
  return (
    <>
      <Title>{words.title}</Title>
      <p>
        <Link to={`/cases/${id}`}>{words.back(caseId ?? "")}</Link>
      </p>
      <p>{words.lead.provider}</p>
      <Accesses queryKey={["accesses", id]} page={(cursor) => accessesOf("provider", id, cursor)} moment={(at, of) => <Local at={at} contract={of} />} />
    </>
  );
}
