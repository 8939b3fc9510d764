import { api, body } from "../api/client";
import { useKept } from "../api/kept";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { SendOrLeave } from "../ui/send-or-leave";
import { useWords } from "../words/words";

interface Props {
  owner: string;
  tell: (done: string) => void;
  leave: () => void;
}

/** Sends the tasks of one event again, of which something should have come and did not. */
export function Replay({ owner, tell, leave }: Props) {
  const words = useWords().events.replay;
  const form = useFields<{ event: string; about: string }>({ event: "", about: "" });
  useKept(form, "replay", owner);
  return (
    <Dialog title={words.title} onClose={leave}>
      <p>{words.text}</p>
      <Form
        form={form}
        label={words.title}
        send={async ({ event, about }) => {
          const meant = { event: event.trim(), ...(about.trim() ? { about: about.trim() } : {}) };
          const { tasks } = await body(api.POST("/staff/events/replay", { body: meant }));
          form.reset();
          tell(words.done(tasks));
          leave();
        }}
      >
        <Field name="event" label={words.event} hint={words.eventHint} required plain />
        <Field name="about" label={words.about} hint={words.aboutHint} plain />
        <SendOrLeave onLeave={leave}>{words.send}</SendOrLeave>
      </Form>
    </Dialog>
  );
}
