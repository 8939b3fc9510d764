import { useEffect, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { useWords } from "../words/words";
import { Button } from "./button";
import { Empty } from "./empty";
import { TextArea } from "./field";
import { Form } from "./form";
import { Moments, type Part } from "./moments";

interface Message {
  id: string;
  at: string;
  from: "provider" | "staff";
  by?: string | null | undefined;
  text: string;
  own: boolean;
  unread: boolean;
}

interface Written {
  messages: readonly Message[];
  earlier?: string | null | undefined;
  maySend: boolean;
}

interface Props {
  written: Written;
  zone: string | undefined;
  form: UseFormReturn<{ text: string }>;
  send: (text: string) => Promise<void>;
  before: (id: string) => Promise<Written>;
  /** Keeps that all up to this one were read. */
  onRead: (upTo: string) => void;
}

/** What both sides wrote on a case, the newest last, and a form for more. Whoever sees it has read it. */
export function Conversation({ written, zone, form, send, before, onRead }: Props) {
  const words = useWords().messages;
  // What was new stays marked as long as the page is open.
  const [fresh] = useState(() => new Set<string>());
  for (const { id, unread: is } of written.messages) if (is) fresh.add(id);
  const last = written.messages.at(-1)?.id;
  const unread = written.messages.some((message) => message.unread);
  useEffect(() => {
    if (last && unread) onRead(last);
  }, [last, unread, onRead]);
  const who = ({ own, from, by }: Message) => (own ? words.you : from === "staff" ? [words.team, by].filter(Boolean).join(", ") : (by ?? ""));
  const part = ({ messages, earlier }: Written): Part => ({
    moments: messages.map((message) => ({ key: message.id, at: message.at, by: who(message), text: message.text, mark: fresh.has(message.id) || message.unread ? words.fresh : undefined })),
    earlier,
  });
  return (
    <>
      {written.messages.length > 0 ? (
        <Moments look="notes" part={part(written)} zone={zone} more={words.earlier} before={async (id) => part(await before(id))} />
      ) : (
        <Empty>{words.none}</Empty>
      )}
      {written.maySend ? (
        <Form form={form} label={words.write} send={({ text }) => send(text)}>
          <TextArea name="text" label={words.text} hint={words.hint} required maxLength={4000} />
          <Button type="submit" busy={form.formState.isSubmitting}>
            {words.send}
          </Button>
        </Form>
      ) : (
        <p>{words.readOnly}</p>
      )}
    </>
  );
}
