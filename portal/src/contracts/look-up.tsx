import { useLocation, useNavigate } from "react-router";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

/** An answer that was given before, by its number. */
export function LookUp() {
  const words = useWords().contracts;
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const form = useFields<{ number: string }>({ number: "" });
  return (
    <Form form={form} label={words.lookUp} send={async ({ number }) => navigate(`${pathname}/${encodeURIComponent(number.replace(/\s/g, ""))}`)}>
      <Field name="number" label={words.number} hint={words.numberHint} required plain />
      <Button type="submit" look="outline">
        {words.show}
      </Button>
    </Form>
  );
}

/** The same by itself: whoever reviews looks up what a clinic quotes. */
export function LookUpPage() {
  const words = useWords().contracts;
  return (
    <>
      <Title>{words.lookUp}</Title>
      <p className="usa-intro">{words.quoted}</p>
      <LookUp />
    </>
  );
}
