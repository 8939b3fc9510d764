import type { ReactNode } from "react";
import type { DefaultValues, FieldValues } from "react-hook-form";
import { useKept } from "../api/kept";
import { queries } from "../api/queries";
import type { Schemas } from "../api/types";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Form, useFields } from "../ui/form";
import { SendOrLeave } from "../ui/send-or-leave";
import { Day } from "../ui/time";

/** What a request is given that may be asked about. */
export interface AboutProps {
  /** Opaque key of the case. */
  of: string;
  request: Schemas["RequestView"];
  owner: string;
  onDone: (said: string) => void;
}

interface Props<V extends FieldValues> extends Omit<AboutProps, "request"> {
  /** What is asked for, as the address and the browser's memory name it. */
  what: string;
  /** Of the request, as R01. */
  number: string;
  words: { ask: (number: string) => string; lead: string; until: string; send: string; asked: (number: string) => string };
  /** The last day on which it may be asked for. */
  until: string | null | undefined;
  /** Nothing typed yet. */
  values: DefaultValues<V>;
  put: (typed: V, path: { id: string; number: string }) => Promise<unknown>;
  /** The fields. */
  children: ReactNode;
}

/** Asks for something about a decision, in a dialog. What is typed is kept until it is sent. */
export function AskAbout<V extends FieldValues>(props: Props<V>) {
  const { what, number, words } = props;
  const [asked, ask] = useAsked();
  const name = `${what}-${number}`;
  return (
    <>
      <Button look="outline" onClick={() => ask(name)}>
        {words.ask(number)}
      </Button>
      {asked === name && <Ask {...props} onClose={() => ask()} />}
    </>
  );
}

function Ask<V extends FieldValues>({ of, owner, onDone, what, number, words, until, values, put, children, onClose }: Props<V> & { onClose: () => void }) {
  const form = useFields<V>(values);
  useKept(form, `${what} ${of} ${number}`, owner);
  const send = async (typed: V) => {
    await put(typed, { id: of, number });
    form.reset();
    onClose();
    onDone(words.asked(number));
    await queries.invalidateQueries({ queryKey: ["case", of] });
  };
  return (
    <Dialog title={words.ask(number)} onClose={onClose}>
      <p>{words.lead}</p>
      {until && (
        <p>
          {words.until} <Day day={until} />.
        </p>
      )}
      <Form form={form} label={words.ask(number)} send={send}>
        {children}
        <SendOrLeave onLeave={onClose}>{words.send}</SendOrLeave>
      </Form>
    </Dialog>
  );
}
