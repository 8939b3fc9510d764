import { useNavigate } from "react-router";
import { handleOf } from "../api/handles";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

/** Where support begins: with the name that a caller gives. */
export function Support() {
  const { staff: words, people } = useWords();
  const navigate = useNavigate();
  const form = useFields({ username: "" });
  return (
    <>
      <Title>{words.support.title}</Title>
      <p>{words.support.lead}</p>
      <Form form={form} send={async ({ username }) => navigate(`/staff/support/${handleOf(username.trim().toLowerCase())}`)}>
        <Field name="username" label={people.username} required plain />
        <Button type="submit">{words.support.find}</Button>
      </Form>
    </>
  );
}
