import { useState } from "react";
import { api, body } from "../api/client";
import { useIntent } from "../api/intent";
import { useKept } from "../api/kept";
import { queries } from "../api/queries";
import type { Schemas } from "../api/types";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Checkbox } from "../ui/choices";
import { TextArea } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { FormTitle } from "../ui/form-title";
import { SendOrLeave } from "../ui/send-or-leave";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import { announced, ChosenFiles, targets, type Chosen } from "./chosen-files";
import { NotArrived } from "./not-arrived";
import { Pended } from "./pended";
import type { CaseView, Contract } from "./queries";
import { useUploads } from "./uploads";

interface Props {
  found: CaseView;
  request: Schemas["RequestView"];
  contract: Contract;
  owner: string;
}

/** What is added to a submitted request, and what its reviewer asks for. */
export function Information(props: Props) {
  const { found, request, contract, owner } = props;
  const words = useWords().cases.information;
  const [asked, ask] = useAsked();
  const [told, tell] = useState<string>();
  // What the reader asked for by a button takes the focus; what the address asks for does not.
  const [pressed, setPressed] = useState(false);
  const { uploads, kept } = useUploads(owner, found.key);
  const { number, may } = request;
  const open = asked === `add-${number}` && may.includes("add");
  const begin = () => {
    tell(undefined);
    setPressed(true);
    ask(`add-${number}`);
  };
  const done = (answered: boolean) => {
    ask();
    tell(answered ? words.answered : words.added);
  };
  return (
    <>
      {told && <Told>{told}</Told>}
      <Pended request={request} zone={contract.timeZone}>
        {!open && may.includes("answer") && <Button onClick={begin}>{words.answer}</Button>}
      </Pended>
      <NotArrived uploads={uploads.filter((upload) => upload.request === number)} kept={kept} />
      {open && <AddForm {...props} focus={pressed} onDone={done} onLeave={() => ask()} />}
      {!open && may.includes("add") && !may.includes("answer") && (
        <p>
          <Button look="outline" aria-label={words.addTo(number)} onClick={begin}>
            {words.add}
          </Button>
        </p>
      )}
    </>
  );
}

interface Values {
  note: string;
  documentType: string;
  answers: boolean;
}

interface FormProps extends Props {
  /** The form was asked for just now. */
  focus: boolean;
  onDone: (answered: boolean) => void;
  onLeave: () => void;
}

function AddForm({ found, request, contract, owner, focus, onDone, onLeave }: FormProps) {
  const { cases } = useWords();
  const words = cases.information;
  const { number, may } = request;
  const answering = may.includes("answer");
  const form = useFields<Values>({ note: "", documentType: "", answers: answering });
  useKept(form, `information ${found.key} ${number}`, owner);
  const [chosen, choose] = useState<readonly Chosen[]>([]);
  const intent = useIntent();
  const { kept } = useUploads(owner, found.key);
  const send = async ({ note, answers }: Values) => {
    const params = { path: { id: found.key, number } };
    const content = { note, documents: announced(chosen), answers: answering && answers };
    const added = await intent.send((header) => body(api.POST("/cases/{id}/requests/{number}/information", { params: { ...params, header }, body: content })));
    kept.bring(targets(chosen, added.documents, number));
    form.reset({ note: "", documentType: "", answers: answering });
    onDone(answering && answers);
    await queries.invalidateQueries({ queryKey: ["case", found.key] });
  };
  return (
    <Form form={form} label={words.addTo(number)} send={send}>
      <FormTitle focus={focus}>{answering ? words.answerTitle : words.title}</FormTitle>
      <p>{answering ? words.answerLead : words.lead}</p>
      <TextArea name="note" label={cases.notes.text} hint={cases.notes.hint} maxLength={4000} />
      <ChosenFiles contract={contract} id={number} chosen={chosen} choose={choose} />
      {answering && <Checkbox name="answers" label={words.thisAnswers} hint={words.thisAnswersHint} />}
      <SendOrLeave onLeave={onLeave}>{words.send}</SendOrLeave>
    </Form>
  );
}
