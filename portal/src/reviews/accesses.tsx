import { Link, useParams } from "react-router";
import { accessesFile, accessesOf } from "../api/accesses";
import { useZones } from "../api/contracts";
import { useProfile } from "../api/profile";
import { Accesses } from "../ui/accesses";
import { Download } from "../ui/download";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

/** Who has viewed a case, as staff are told; whoever leads takes it away as a file. */
export function AccessesPage() {
  const words = useWords().accesses;
  const { case: id = "" } = useParams();
  const { post, contracts } = useProfile("staff").data?.value ?? {};
  const zone = useZones(contracts?.map((contract) => contract.id) ?? []);
  return (
    <>
      <Title>{words.title}</Title>
      {post && post.role !== "contract-manager" && (
        <p>
          <Link to={`/staff/cases/${id}`}>{words.back("")}</Link>
        </p>
      )}
      <p>{words.lead.staff}</p>
      <Accesses
        queryKey={["accesses", id]}
        page={(cursor) => accessesOf("staff", id, cursor)}
        moment={(at, of) => <Time at={at} zone={zone(of)} />}
        download={
          <div className="screen">
            <Download name={`accesses-${id}`} text={words.download} file={() => accessesFile(id)} />
          </div>
        }
      />
    </>
  );
}
