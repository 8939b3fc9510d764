import { useState } from "react";
import { Link } from "react-router";
import { api } from "../api/client";
import { through, useDoor } from "../api/door";
import { at } from "../api/types";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

/** Asks for a link to set a new password. The answer never says whether there is such an account. */
export function Forgotten() {
  const words = useWords().accounts;
  const door = useDoor();
  const [sent, setSent] = useState(false);
  const form = useFields({ username: "" });
  return (
    <>
      <Title key={String(sent)}>{sent ? words.forgotten.sentTitle : words.forgotten.title}</Title>
      {sent ? (
        <p>{words.forgotten.sent}</p>
      ) : (
        <>
          <p>{words.forgotten.lead}</p>
          <Form
            form={form}
            send={async ({ username }) => {
              await api.POST(at(door, "/passwords/forgotten"), { body: { username } });
              setSent(true);
            }}
          >
            <Field name="username" label={words.username} required autoComplete="username" plain />
            <Button type="submit" busy={form.formState.isSubmitting}>
              {words.forgotten.send}
            </Button>
          </Form>
        </>
      )}
      <p>
        <Link to={through(door, "/sign-in")}>{words.forgotten.toSignIn}</Link>
      </p>
    </>
  );
}
