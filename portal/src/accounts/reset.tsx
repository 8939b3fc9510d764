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

/** From the mailed link: a new password. One page for both doors, and the answer does not tell which: it shows the way to each. */
export function Reset() {
  const words = useWords().accounts;
  const token = useLinkToken();
  const [done, setDone] = useState(false);
  const form = useFields(NO_PASSWORDS);
  return (
    <>
      <Title>{words.reset.title}</Title>
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
            {words.reset.send}
          </Button>
        </Form>
      )}
      {done && (
        <>
          <Alert tone="success">{words.reset.done}</Alert>
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
