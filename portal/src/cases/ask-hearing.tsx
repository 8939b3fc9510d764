import { api } from "../api/client";
import { queries } from "../api/queries";
import type { Schemas } from "../api/types";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Checkbox } from "../ui/choices";
import { Dialog } from "../ui/dialog";
import { TextArea } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { SendOrLeave } from "../ui/send-or-leave";
import { Day } from "../ui/time";
import { useWords } from "../words/words";

interface Props {
  /** Opaque key of the case. */
  of: string;
  request: Schemas["RequestView"];
  onDone: (said: string) => void;
}

/** Asks for a State fair hearing about a decision, with the member's written consent. */
export function AskHearing({ of, request, onDone }: Props) {
  const words = useWords().requests.hearings;
  const [asked, ask] = useAsked();
  const what = `hearing-${request.number}`;
  return (
    <>
      <Button look="outline" onClick={() => ask(what)}>
        {words.ask(request.number)}
      </Button>
      {asked === what && <Ask of={of} request={request} onDone={onDone} onClose={() => ask()} />}
    </>
  );
}

function Ask({ of, request: { number, hearing }, onDone, onClose }: Props & { onClose: () => void }) {
  const words = useWords().requests.hearings;
  const form = useFields<{ consent: boolean; reason: string }>({ consent: false, reason: "" });
  const send = async (body: { consent: boolean; reason: string }) => {
    await api.PUT("/cases/{id}/requests/{number}/hearing", { params: { path: { id: of, number } }, body });
    onClose();
    onDone(words.asked(number));
    await queries.invalidateQueries({ queryKey: ["case", of] });
  };
  return (
    <Dialog title={words.ask(number)} onClose={onClose}>
      <p>{words.lead}</p>
      {hearing?.until && (
        <p>
          {words.until} <Day day={hearing.until} />.
        </p>
      )}
      <Form form={form} label={words.ask(number)} send={send}>
        <TextArea name="reason" label={words.reason} hint={words.reasonHint} required maxLength={4000} />
        <Checkbox name="consent" label={words.consent} required />
        <SendOrLeave onLeave={onClose}>{words.send}</SendOrLeave>
      </Form>
    </Dialog>
  );
}
