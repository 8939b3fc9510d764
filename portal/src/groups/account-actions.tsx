import { api, body, ifMatch } from "../api/client";
import { useIntent } from "../api/intent";
import { isRefused } from "../api/refused";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { useWords } from "../words/words";
import type { User } from "./user";

interface Props {
  user: User;
  onDone: (what: string) => Promise<void>;
  /** Somebody else changed the user: reads how they are now. */
  onStale: () => Promise<unknown>;
}

/** What concerns the whole account, each confirmed before. Who was deactivated comes back by a reset registration. */
export function AccountActions({ user, onDone, onStale }: Props) {
  const words = useWords().people;
  const [asked, ask] = useAsked();
  const intent = useIntent();
  const name = `${user.firstName} ${user.lastName}`;
  const out = user.state === "deactivated";
  const reset = async (what: string) => {
    await intent.send((header) => body(api.POST("/users/{name}/registration-reset", { params: { path: { name: user.username }, header } })));
    ask();
    await onDone(`${what} ${words.linkSent}`);
  };
  const deactivate = async () => {
    const params = { path: { name: user.username }, header: ifMatch(`"${user.version}"`) };
    try {
      await api.PATCH("/users/{name}", { params, body: { deactivate: true } });
    } catch (thrown) {
      if (isRefused(thrown, "stale")) await onStale();
      throw thrown;
    }
    ask();
    await onDone(words.deactivate.done(name));
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
        <Confirm title={words.reset.title(name)} confirm={words.reset.button} send={() => reset(words.reset.done(name))} onClose={() => ask()}>
          <p>{words.reset.text}</p>
        </Confirm>
      )}
      {asked === "back" && out && (
        <Confirm title={words.back.title(name)} confirm={words.back.button} send={() => reset(words.back.done(name))} onClose={() => ask()}>
          <p>{words.back.text}</p>
        </Confirm>
      )}
      {asked === "deactivate" && !out && (
        <Confirm title={words.deactivate.title(name)} confirm={words.deactivate.button} danger send={deactivate} onClose={() => ask()}>
          <p>{words.deactivate.text}</p>
        </Confirm>
      )}
    </>
  );
}
