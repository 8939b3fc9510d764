import { api } from "../api/client";
import { useKept } from "../api/kept";
import { queries } from "../api/queries";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { TextArea } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { useWords } from "../words/words";

interface Props {
  /** Opaque key of the case. */
  of: string;
  /** Of the request, as R01. */
  number: string;
  owner: string;
  onDone: (said: string) => void;
}

/** Takes back a request that is not decided. It asks first, and why: reviewers read it. */
export function Withdraw({ of, number, owner, onDone }: Props) {
  const words = useWords().cases.ends;
  const [asked, ask] = useAsked();
  return (
    <>
      <Button look="outline" onClick={() => ask(`withdraw-${number}`)}>
        {words.withdraw(number)}
      </Button>
      {asked === `withdraw-${number}` && <Ask of={of} number={number} owner={owner} onDone={onDone} onClose={() => ask()} />}
    </>
  );
}

function Ask({ of, number, owner, onDone, onClose }: Props & { onClose: () => void }) {
  const words = useWords().cases.ends;
  const form = useFields<{ reason: string }>({ reason: "" });
  useKept(form, `withdraw ${of} ${number}`, owner);
  const send = async (typed: { reason: string }) => {
    await api.PUT("/cases/{id}/requests/{number}/withdrawal", { params: { path: { id: of, number } }, body: typed });
    form.reset();
    onClose();
    onDone(words.withdrawn(number));
    await queries.invalidateQueries({ queryKey: ["cases"] });
    await queries.invalidateQueries({ queryKey: ["case", of] });
  };
  return (
    <Dialog title={words.withdrawTitle(number)} onClose={onClose}>
      <p>{words.withdrawText}</p>
      <Form form={form} label={words.withdraw(number)} send={send}>
        <TextArea name="reason" label={words.reason} hint={words.reasonHint} required maxLength={1000} />
        <div className="usa-button-group margin-top-2">
          <Button type="submit" look="danger" busy={form.formState.isSubmitting}>
            {words.withdraw(number)}
          </Button>
          <Button look="outline" onClick={onClose}>
            {words.keep}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
