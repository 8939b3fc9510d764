import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ifMatch, versioned } from "../api/client";
import { useDoor } from "../api/door";
import { useKept } from "../api/kept";
import { profileQuery } from "../api/profile";
import { at, type Profile } from "../api/types";
import { Button } from "../ui/button";
import { Radios } from "../ui/choices";
import { Form, useFields } from "../ui/form";
import { Told } from "../ui/told";
import { useWords } from "../words/words";

type Choice = Profile["newsMail"];

/** Of which news on cases mail is wanted. In the portal stands all of it. */
export function NewsMail({ profile }: { profile: Profile }) {
  const words = useWords().alerts.mail;
  const door = useDoor();
  const queries = useQueryClient();
  const form = useFields<{ newsMail: Choice }>({ newsMail: profile.newsMail });
  useKept(form, "news-mail", profile.username);
  const [saved, setSaved] = useState(0);
  const choices = door === "provider" ? (["all", "own", "none"] as const) : (["own", "none"] as const);
  const send = async ({ newsMail }: { newsMail: Choice }) => {
    // Nothing that somebody else changes meanwhile is touched by it.
    const now = await versioned(api.GET(at(door, "/me")));
    await api.PATCH(at(door, "/me"), { params: { header: ifMatch(now.version) }, body: { newsMail } });
    form.reset({ newsMail });
    setSaved((count) => count + 1);
    await queries.invalidateQueries({ queryKey: profileQuery(door).queryKey });
  };
  return (
    <>
      {saved > 0 && <Told key={saved}>{words.saved}</Told>}
      <Form form={form} label={words.title} send={send}>
        <Radios name="newsMail" label={words.title} hint={words.hint} required options={choices.map((value) => ({ value, label: words.of[door][value] }))} />
        <Button type="submit" busy={form.formState.isSubmitting}>
          {words.save}
        </Button>
      </Form>
    </>
  );
}
