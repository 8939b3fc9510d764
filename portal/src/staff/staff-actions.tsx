import { api, body, ifMatch } from "../api/client";
import { useIntent } from "../api/intent";
import { isRefused } from "../api/refused";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { useWords } from "../words/words";
import type { Person } from "./person";

interface Props {
  person: Person;
  onDone: (what: string) => Promise<void>;
  /** Somebody else changed the person: reads how they are now. */
  onStale: () => Promise<unknown>;
}

/** What concerns the whole account, each confirmed before. */
export function StaffActions({ person, onDone, onStale }: Props) {
  const words = useWords().people;
  const [asked, ask] = useAsked();
  const intent = useIntent();
  const name = `${person.firstName} ${person.lastName}`;
  const out = person.state === "deactivated";
  const change = async (edit: { deactivate: true } | { reactivate: true }, what: string) => {
    const params = { path: { name: person.username }, header: ifMatch(`"${person.version}"`) };
    try {
      await api.PATCH("/staff/users/{name}", { params, body: edit });
    } catch (thrown) {
      if (isRefused(thrown, "stale")) await onStale();
      throw thrown;
    }
    ask();
    await onDone(what);
  };
  const reset = async () => {
    await intent.send((header) => body(api.POST("/staff/users/{name}/registration-reset", { params: { path: { name: person.username }, header } })));
    ask();
    await onDone(`${words.reset.done(name)} ${words.linkSent}`);
  };
  return (
    <>
      <div className="usa-button-group">
        {out ? (
          <Button onClick={() => ask("back")}>{words.back.button}</Button>
        ) : (
          <>
            <Button look="outline" onClick={() => ask("reset")}>
              {words.reset.button}
            </Button>
            <Button look="danger" onClick={() => ask("deactivate")}>
              {words.deactivate.button}
            </Button>
          </>
        )}
      </div>
      {asked === "reset" && !out && (
        <Confirm title={words.reset.title(name)} confirm={words.reset.button} send={reset} onClose={() => ask()}>
          <p>{words.reset.text}</p>
        </Confirm>
      )}
      {asked === "back" && out && (
        <Confirm
          title={words.back.title(name)}
          confirm={words.back.button}
          send={() => change({ reactivate: true }, `${words.back.done(name)} ${words.linkSent}`)}
          onClose={() => ask()}
        >
          <p>{words.back.text}</p>
        </Confirm>
      )}
      {asked === "deactivate" && !out && (
        <Confirm
          title={words.deactivate.title(name)}
          confirm={words.deactivate.button}
          danger
          send={() => change({ deactivate: true }, words.deactivate.done(name))}
          onClose={() => ask()}
        >
          <p>{words.deactivate.text}</p>
        </Confirm>
      )}
    </>
  );
}
