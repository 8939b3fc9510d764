import { useEffect, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { Link, replace, useLocation, useNavigate, type LoaderFunctionArgs, type ShouldRevalidateFunctionArgs } from "react-router";
import { api, body } from "../api/client";
import { doorOf, through, useDoor } from "../api/door";
import { begin, resume, type End } from "../api/session";
import { at, type Door, type SignedIn } from "../api/types";
import { Alert } from "../ui/alert";
import { takeBack } from "../ui/back";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Loading } from "../ui/loading";
import { useStepInHistory } from "../ui/step-in-history";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { CodeForm, type Asked } from "./code-form";
import type { Factor } from "./factors";

/** Why the reader is here. */
interface Arrival {
  end?: End;
  /** What was just done. */
  done?: "ready";
}

/** Who is signed in already goes on, unless they have to prove once more that it is them. */
export async function signInLoader({ request }: LoaderFunctionArgs): Promise<null> {
  const { pathname, searchParams } = new URL(request.url);
  const door = doorOf(pathname);
  if (!searchParams.has("again") && (await resume(door))) throw replace(backTo(door)?.address ?? through(door, "/"));
  return null;
}

/** From one step to the other, and back, nobody has come from elsewhere. */
export function signInAnew({ currentUrl, nextUrl }: ShouldRevalidateFunctionArgs): boolean {
  return currentUrl.pathname !== nextUrl.pathname;
}

/** Where somebody was at this door when they had to sign in. */
function backTo(door: Door) {
  const back = takeBack();
  return back && doorOf(back.address) === door ? back : undefined;
}

export function SignIn() {
  const words = useWords().accounts;
  const door = useDoor();
  const navigate = useNavigate();
  // The password stays in memory until the second step is done: a further PIN needs it.
  const [second, setSecond] = useState<{ asked: Asked; password: string }>();
  const [step, go] = useStepInHistory<"password" | "code">("password", { password: true, code: second !== undefined });
  const form = useFields<Credentials>({ username: "", password: "", with: "" });
  const [answer, setAnswer] = useState<SignedIn>();
  useEffect(() => {
    if (!answer || step !== "password") return;
    begin(door, answer);
    const back = backTo(door);
    void navigate(back?.address ?? through(door, "/"), { replace: true, state: { field: back?.field } });
  }, [answer, step, door, navigate]);
  if (answer || (step === "code" && second)) {
    return (
      <>
        <Title key="code">{words.code.title}</Title>
        {answer || !second ? (
          <Loading />
        ) : (
          <>
            <CodeForm
              door={door}
              asked={second.asked}
              password={second.password}
              submit={words.code.send}
              onAnswer={(now) => {
                if (!now) return;
                setAnswer(now);
                // What follows stands in the place of the first step: the back button leads to neither.
                void navigate(-1);
              }}
            />
            <Button look="link" onClick={() => void navigate(-1)}>
              {words.code.other}
            </Button>
          </>
        )}
      </>
    );
  }
  return (
    <>
      <Title key="password">{`${words.signIn.title}: ${words.signIn[door]}`}</Title>
      <Why />
      <PasswordForm
        form={form}
        onAsked={(asked, password) => {
          setSecond({ asked, password });
          go("code");
        }}
      />
      {door === "provider" && (
        <p>
          {words.signIn.register} <Link to="/register">{words.signIn.registerHere}</Link>
        </p>
      )}
      {door === "provider" && (
        <p>
          <Link to="/sign-in/contact">{words.contactUs.title}</Link>
        </p>
      )}
      <p>
        <Link to={through(door === "provider" ? "staff" : "provider", "/sign-in")}>{words.signIn.otherDoor[door]}</Link>
      </p>
    </>
  );
}

function Why() {
  const { signIn: words, enrol } = useWords().accounts;
  const { state, search } = useLocation();
  const { end, done } = (state ?? {}) as Arrival;
  if (done) return <Alert tone="success">{enrol[done]}</Alert>;
  if (end) return <Alert tone="info">{words.ended[end]}</Alert>;
  return new URLSearchParams(search).has("again") ? <Alert tone="info">{words.again}</Alert> : null;
}

interface Credentials {
  username: string;
  password: string;
  with: Factor | "";
}

interface Props {
  /** The page's, which is still there when somebody comes back to it. */
  form: UseFormReturn<Credentials>;
  onAsked: (asked: Asked, password: string) => void;
}

function PasswordForm({ form, onAsked }: Props) {
  const words = useWords().accounts;
  const door = useDoor();
  const busy = form.formState.isSubmitting;
  const others = ["voice", "email", "text", "app"] as const;
  return (
    <Form
      form={form}
      send={async ({ username, password, with: factor }) => {
        onAsked(await body(api.POST(at(door, "/sessions"), { body: { username, password, with: factor || null } })), password);
      }}
    >
      <Field name="username" label={words.username} required autoComplete="username" plain />
      <Field name="password" label={words.password} type="password" required autoComplete="current-password" />
      <p>
        <Link to={through(door, "/forgotten")}>{words.signIn.forgotten}</Link>
      </p>
      <Button type="submit" busy={busy} onClick={() => form.setValue("with", "")}>
        {words.signIn.login}
      </Button>
      <p className="usa-hint">{words.signIn.withHint}</p>
      <div className="usa-button-group">
        {others.map((factor) => (
          <Button key={factor} look="outline" type="submit" onClick={() => form.setValue("with", factor)}>
            {words.signIn.with[factor]}
          </Button>
        ))}
      </div>
    </Form>
  );
}
