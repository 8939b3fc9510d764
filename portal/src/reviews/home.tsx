import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router";
import { keyOfAccesses } from "../api/accesses";
import { useProfile } from "../api/profile";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { caseQuery } from "./case-query";
import { queuesOf } from "./queues";

/** Where the day of payer staff begins. */
export function Home() {
  const { reviews, people } = useWords();
  const { home: words, list } = reviews;
  const { data: profile } = useProfile("staff");
  const post = profile?.value.post;
  const queues = queuesOf(post?.role);
  return (
    <>
      <Title>{words.title}</Title>
      {post && <p>{words.post(people.post[post.role])}</p>}
      {queues.length > 0 && (
        <>
          <h2>{words.lists}</h2>
          <ul className="usa-list">
            {queues.map((queue) => (
              <li key={queue}>
                <Link to={`/staff/worklists/${queue}`}>{list[queue]}</Link>
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>{words.find}</h2>
      <Find seen={post?.role !== "contract-manager"} />
    </>
  );
}

/** A case by its Case ID; for who runs a contract and sees no case, who has viewed it. The address has its opaque key: a Case ID is nobody else's to see. */
function Find({ seen }: { seen: boolean }) {
  const words = useWords().reviews.home;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const form = useFields({ caseId: "" });
  return (
    <Form
      form={form}
      send={async ({ caseId }) => {
        if (!seen) {
          await navigate(`/staff/cases/${await keyOfAccesses(caseId.trim())}/accesses`);
          return;
        }
        const found = await queries.fetchQuery({ ...caseQuery(caseId.trim()), staleTime: 0 });
        queries.setQueryData(caseQuery(found.value.key).queryKey, found);
        await navigate(`/staff/cases/${found.value.key}`);
      }}
    >
      <Field name="caseId" label={words.caseId} hint={seen ? undefined : words.accesses} required plain width="medium" inputMode="numeric" />
      <Button type="submit" busy={form.formState.isSubmitting}>
        {words.open}
      </Button>
    </Form>
  );
}
