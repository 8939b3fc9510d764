import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useWatch } from "react-hook-form";
import { Link, useNavigate } from "react-router";
import { api, body } from "../api/client";
import { useIntent } from "../api/intent";
import { useProfile } from "../api/profile";
import { Alert } from "../ui/alert";
import { Button } from "../ui/button";
import { Select } from "../ui/choices";
import { Confirm } from "../ui/confirm";
import { FileDrop } from "../ui/file-drop";
import { Form, useFields } from "../ui/form";
import { Loading } from "../ui/loading";
import { dayText } from "../ui/time";
import { Title } from "../ui/title";
import { useSpeech, useWords } from "../words/words";
import { Simulation } from "./simulation";
import { MOST_BYTES, archiveOf, type Checked } from "./packs";

/** A new pack: chosen, checked, compared with the one that holds, and applied. */
export function NewPack() {
  const words = useWords().packs;
  const { data: profile } = useProfile("staff");
  return (
    <>
      <Title>{words.add}</Title>
      <p>
        <Link to="/staff/packs">{words.toList}</Link>
      </p>
      <p>{words.what}</p>
      {profile ? <Steps contracts={profile.value.contracts} /> : <Loading />}
    </>
  );
}

/** What was checked: what is applied is what was looked at. */
interface Seen {
  contract: string;
  archive: string;
  found: Checked;
}

function Steps({ contracts }: { contracts: readonly { id: string; name: string }[] }) {
  const words = useWords().packs;
  const form = useFields<{ contract: string }>({ contract: contracts.length === 1 ? (contracts[0]?.id ?? "") : "" });
  const [file, choose] = useState<File>();
  const [wrong, setWrong] = useState<"fileMissing" | "tooLarge">();
  const [seen, setSeen] = useState<Seen>();
  const contract = useWatch({ control: form.control, name: "contract" });
  const told = { fileMissing: words.fileMissing, tooLarge: words.tooLarge(Math.floor(MOST_BYTES / 1000)) };
  return (
    <>
      <Form
        form={form}
        label={words.add}
        send={async () => {
          setSeen(undefined);
          if (!file) {
            setWrong("fileMissing");
            document.querySelector<HTMLElement>("#archive")?.focus();
            return;
          }
          const archive = await archiveOf(file);
          const found = await body(api.POST("/staff/contracts/{id}/packs/checks", { params: { path: { id: contract } }, body: { archive } }));
          setSeen({ contract, archive, found });
        }}
      >
        <Select name="contract" label={words.contract} required options={contracts.map(({ id, name }) => ({ value: id, label: name }))} />
        <FileDrop
          id="archive"
          label={words.file}
          hint={words.fileHint}
          error={wrong && told[wrong]}
          accept=".zip"
          onFiles={([first]) => {
            setSeen(undefined);
            const tooLarge = first !== undefined && first.size > MOST_BYTES;
            setWrong(tooLarge ? "tooLarge" : undefined);
            choose(tooLarge ? undefined : first);
          }}
        />
        {file && <p role="status">{words.chosen(file.name)}</p>}
        <Button type="submit" busy={form.formState.isSubmitting}>
          {words.check}
        </Button>
      </Form>
      {/* Of another contract it says nothing. */}
      {seen?.contract === contract && <Found {...seen} name={contracts.find(({ id }) => id === contract)?.name ?? contract} />}
    </>
  );
}

function Found({ contract, archive, found, name }: Seen & { name: string }) {
  const words = useWords().packs;
  const { language } = useSpeech();
  const [asked, ask] = useState(false);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const intent = useIntent();
  const heading = useRef<HTMLHeadingElement>(null);
  // A check that is over is where the work goes on.
  useEffect(() => heading.current?.focus(), []);
  const { plan, refused, problems, warnings } = found;
  const day = plan && dayText(plan.effectiveFrom, language);
  return (
    <section aria-labelledby="found">
      <h2 id="found" ref={heading} tabIndex={-1}>
        {words.found}
      </h2>
      {problems.length > 0 && (
        <Alert tone="error" title={words.problems(problems.length)}>
          <Sentences of={problems} />
        </Alert>
      )}
      {refused && (
        <Alert tone="error" title={words.refused[refused.reason]}>
          <p lang="en">{refused.detail}</p>
        </Alert>
      )}
      {plan && <p>{words.effect[plan.effect](plan.version, day ?? "", plan.inForce)}</p>}
      {warnings.length > 0 && (
        <Alert tone="warning" title={words.warnings}>
          <Sentences of={warnings} />
        </Alert>
      )}
      {plan && (
        <>
          <h3>{words.changes}</h3>
          {plan.changes.length > 0 ? <Sentences of={plan.changes} /> : <p>{words.noChanges}</p>}
          {plan.effect !== "nothing" && <p>{words.open(plan.drafts, plan.requests, plan.more)}</p>}
          {plan.effect !== "nothing" && <Simulation contract={contract} archive={archive} />}
          {plan.effect !== "nothing" && <Button onClick={() => ask(true)}>{words.apply}</Button>}
        </>
      )}
      {asked && plan && (
        <Confirm
          title={words.applyAsk(plan.version, name)}
          confirm={words.apply}
          send={async () => {
            const params = { path: { id: contract } };
            await intent.send((header) => body(api.POST("/staff/contracts/{id}/packs", { params: { ...params, header }, body: { archive } })));
            void queries.invalidateQueries({ queryKey: ["packs"] });
            void queries.invalidateQueries({ queryKey: ["contract", contract] });
            void navigate("/staff/packs", { state: { applied: words.done(plan.version, day ?? "", plan.inForce) } });
          }}
          onClose={() => ask(false)}
        >
          <p>{words.applyText(day ?? "", plan.inForce)}</p>
        </Confirm>
      )}
    </section>
  );
}

/** The API's own sentences, which are English. */
function Sentences({ of }: { of: readonly string[] }) {
  return (
    <ul className="usa-list" lang="en">
      {of.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
