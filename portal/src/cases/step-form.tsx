import { useEffect, useRef, type ReactNode } from "react";
import type { FieldValues } from "react-hook-form";
import { useNavigate } from "react-router";
import { Alert } from "../ui/alert";
import { Button, ButtonLink } from "../ui/button";
import { Conflict } from "../ui/conflict";
import { Form } from "../ui/form";
import { useWords } from "../words/words";
import type { CaseView, Contract, Found } from "./queries";
import type { Row } from "./rows";
import { STEPS, mayJump, type StepName } from "./steps";
import type { SaveState, StepHandle } from "./use-step";

/** What each step of the wizard is given. */
export interface StepProps {
  found: Found;
  contract: Contract;
  /** Who works here. */
  owner: string;
}

interface Props<V extends FieldValues> {
  handle: StepHandle<V>;
  of: CaseView;
  step: StepName;
  rows: (values: V) => Row[];
  children: ReactNode;
}

/** Around the fields of a step: how its save is, what another person saved, and the way on. */
export function StepForm<V extends FieldValues>({ handle, of, step, rows, children }: Props<V>) {
  const { form, state, save, settle } = handle;
  const navigate = useNavigate();
  // Which of the ways on was pressed.
  const goal = useRef<StepName>("submit");
  return (
    <>
      {state.is === "conflict" && (
        <Both
          mine={rows(form.getValues())}
          theirs={rows(state.theirs.values)}
          onChoice={(keep) => settle(state.theirs, keep)}
        />
      )}
      <Form
        form={form}
        send={async () => {
          if (await save()) await navigate(`/cases/${of.key}/${goal.current}`);
        }}
      >
        {children}
        <SaveLine state={state} onAgain={() => void save().catch(() => undefined)} />
        <WayOn of={of} step={step} busy={form.formState.isSubmitting} onWay={(to) => (goal.current = to)} />
      </Form>
    </>
  );
}

interface WayProps {
  of: CaseView;
  step: StepName;
  /** Of a form: it is sent first. */
  busy?: boolean;
  /** Which way was pressed, before the form is sent. */
  onWay?: (to: StepName) => void;
}

/** Back and on, as buttons under each step; and past what nothing requires. */
export function WayOn({ of, step, busy, onWay }: WayProps) {
  const words = useWords();
  const place = STEPS.indexOf(step);
  const before = STEPS[place - 1];
  const next = STEPS[place + 1] ?? "submit";
  const label = words.cases.wizard.goTo(words.cases.steps[next]);
  const way = (to: StepName, text: string, look?: "outline") =>
    busy === undefined ? (
      <ButtonLink {...(look && { look })} to={`/cases/${of.key}/${to}`}>
        {text}
      </ButtonLink>
    ) : (
      <Button type="submit" {...(look && { look })} busy={busy} onClick={() => onWay?.(to)}>
        {text}
      </Button>
    );
  return (
    <div className="usa-button-group margin-top-3">
      {way(next, label)}
      {mayJump(step, of) && way("submit", words.cases.wizard.jump, "outline")}
      {before && (
        <ButtonLink look="outline" to={`/cases/${of.key}/${before}`}>
          {words.ui.back}
        </ButtonLink>
      )}
    </div>
  );
}

/** Where the save stands: seen all the time, spoken when it changes. */
export function SaveLine<V>({ state, onAgain }: { state: SaveState<V>; onAgain: () => void }) {
  const words = useWords();
  const bad = state.is === "failed" || state.is === "refused";
  return (
    <div className="save-line">
      <p role="status" className={bad ? "usa-error-message" : "usa-hint"}>
        {words.cases.wizard.save[state.is]}
      </p>
      {bad && (
        <Button look="outline" onClick={onAgain}>
          {words.ui.tryAgain}
        </Button>
      )}
    </div>
  );
}

interface BothProps {
  mine: Row[];
  theirs: Row[];
  onChoice: (keep: "mine" | "theirs") => void;
}

/** Both versions of what differs; it takes the focus, for nothing else can go on before. */
export function Both({ mine, theirs, onChoice }: BothProps) {
  const words = useWords().cases.wizard;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const all = new Map([...theirs, ...mine].map((row) => [row.key, row]));
  const text = (rows: Row[], key: string) => rows.find((row) => row.key === key)?.text ?? "";
  const differences = [...all]
    .map(([key, { label, labelLang, lang }]) => ({ key, label, labelLang, lang, theirs: text(theirs, key), mine: text(mine, key) }))
    .filter((difference) => difference.theirs !== difference.mine);
  return (
    <div ref={box} tabIndex={-1} className="conflict">
      <Conflict differences={differences} onMine={() => onChoice("mine")} onTheirs={() => onChoice("theirs")} />
      <Alert tone="info">{words.notSavedYet}</Alert>
    </div>
  );
}
