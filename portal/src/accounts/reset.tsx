import { useState } from "react";
import { Link } from "react-router";
import { api } from "../api/client";
import { Alert } from "../ui/alert";
import { Button } from "../ui/button";
import { Form, useFields } from "../ui/form";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { NO_PASSWORDS, NewPasswordFields } from "./new-password";
import { useLinkToken } from "./token";

/** From the mailed link: a new password. */
export function Reset() {
  return <FromLink words={useWords().accounts.reset} />;
}

/** From the link that an old e-mail address was mailed: it is put back, with a new password. */
export function Undo() {
  return <FromLink words={useWords().accounts.undo} />;
}

interface Props {
  words: { title: string; lead?: string; send: string; done: string };
}

/** One page for both doors, and the answer does not tell which: it shows the way to each. */
function FromLink({ words: own }: Props) {
  const words = useWords().accounts;
  const token = useLinkToken();
  const [done, setDone] = useState(false);
  const form = useFields(NO_PASSWORDS);
  return (
    <>
      <Title>{own.title}</Title>
      {own.lead && !done && <p>{own.lead}</p>}
      {!token && <Alert tone="info">{words.enrol.noLink}</Alert>}
      {token && !done && (
        <Form
          form={form}
          send={async ({ password }) => {
            await api.POST("/passwords", { body: { token, password } });
            setDone(true);
          }}
        >
          <NewPasswordFields />
          <Button type="submit" busy={form.formState.isSubmitting}>
            {own.send}
          </Button>
        </Form>
      )}
      {done && (
        <>
          <Alert tone="success">{own.done}</Alert>
          <p>
            <Link to="/sign-in">{words.signIn.otherDoor.staff}</Link>
          </p>
          <p>
            <Link to="/staff/sign-in">{words.signIn.otherDoor.provider}</Link>
          </p>
        </>
      )}
    </>
  );
}
