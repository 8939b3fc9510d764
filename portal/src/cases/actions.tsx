import { useState } from "react";
import type { Schemas } from "../api/types";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Radios } from "../ui/choices";
import { Dialog } from "../ui/dialog";
import { Form, useFields } from "../ui/form";
import { SendOrLeave } from "../ui/send-or-leave";
import { useWords } from "../words/words";
import { asking } from "./follow-ups";
import type { CaseView } from "./queries";

type Request = Schemas["RequestView"];

/** In the order of the field. */
const ACTIONS = ["information", "reconsideration", "revision", "peer-to-peer", "extension", "appeal", "hearing", "withdraw"] as const;
type Action = (typeof ACTIONS)[number];

/** Whether it may be done about a request now. */
function may(action: Action, { may: all, follows, hearing }: Request): boolean {
  if (action === "information") return all.includes("add");
  if (action === "hearing") return Boolean(hearing?.until);
  if (action === "peer-to-peer" || action === "withdraw") return all.includes(action);
  return follows?.some(({ kind, refused }) => kind === action && !refused) ?? false;
}

/** Its form, in the address of the case. */
function formOf(action: Action, number: string): string {
  if (action === "information") return `add-${number}`;
  if (action === "peer-to-peer") return `talk-${number}`;
  return action === "hearing" || action === "withdraw" ? `${action}-${number}` : asking(action, number);
}

/** Everything that may be asked for about the case: chosen first, then the request. Each stands at its request too. */
export function Actions({ of }: { of: CaseView }) {
  const words = useWords().cases.actions;
  const [open, setOpen] = useState(false);
  const [asked, ask] = useAsked();
  const offered = ACTIONS.filter((action) => of.requests.some((request) => may(action, request)));
  const chosen = offered.find((action) => asked === `action-${action}`);
  if (offered.length === 0) return null;
  return (
    <div className="screen margin-y-2">
      <Button look="outline" aria-expanded={open} onClick={() => setOpen(!open)}>
        {words.title}
      </Button>
      {open && (
        <ul className="usa-list usa-list--unstyled card">
          {offered.map((action) => (
            <li key={action} className="margin-top-1">
              <Button look="link" onClick={() => ask(`action-${action}`)}>
                {words.of[action]}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {chosen && <SelectRequest action={chosen} requests={of.requests.filter((request) => may(chosen, request))} onClose={() => ask()} onNext={(number) => ask(formOf(chosen, number), "focus")} />}
    </div>
  );
}

interface SelectProps {
  action: Action;
  requests: readonly Request[];
  onClose: () => void;
  onNext: (number: string) => void;
}

function SelectRequest({ action, requests, onClose, onNext }: SelectProps) {
  const words = useWords().cases;
  const form = useFields<{ request: string }>({ request: requests[0]?.number ?? "" });
  return (
    <Dialog title={`${words.actions.of[action]}: ${words.actions.selecting}`} onClose={onClose}>
      <Form form={form} label={words.actions.selecting} send={async ({ request }) => onNext(request)}>
        <Radios
          name="request"
          label={words.actions.select}
          required
          options={requests.map(({ number, review, status }) => ({ value: number, label: `${number}: ${words.request.reviews[review]}, ${words.statuses[status]}` }))}
        />
        <SendOrLeave onLeave={onClose}>{words.actions.next}</SendOrLeave>
      </Form>
    </Dialog>
  );
}
