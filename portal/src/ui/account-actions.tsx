import { useWords } from "../words/words";
import { useAsked } from "./asked";
import { Button } from "./button";
import { Confirm } from "./confirm";

interface Props {
  name: string;
  /** Was deactivated: they can only be brought back. */
  out: boolean;
  reset: () => Promise<unknown>;
  deactivate: () => Promise<unknown>;
  bringBack: () => Promise<unknown>;
  onDone: (what: string) => Promise<void>;
}

/** What concerns the whole account of somebody, each confirmed before. */
export function AccountActions({ name, out, reset, deactivate, bringBack, onDone }: Props) {
  const words = useWords().people;
  const [asked, ask] = useAsked();
  const send = (call: () => Promise<unknown>, done: string) => async () => {
    await call();
    ask();
    await onDone(done);
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
        <Confirm title={words.reset.title(name)} confirm={words.reset.button} send={send(reset, `${words.reset.done(name)} ${words.linkSent}`)} onClose={() => ask()}>
          <p>{words.reset.text}</p>
        </Confirm>
      )}
      {asked === "back" && out && (
        <Confirm title={words.back.title(name)} confirm={words.back.button} send={send(bringBack, `${words.back.done(name)} ${words.linkSent}`)} onClose={() => ask()}>
          <p>{words.back.text}</p>
        </Confirm>
      )}
      {asked === "deactivate" && !out && (
        <Confirm title={words.deactivate.title(name)} confirm={words.deactivate.button} danger send={send(deactivate, words.deactivate.done(name))} onClose={() => ask()}>
          <p>{words.deactivate.text}</p>
        </Confirm>
      )}
    </>
  );
}
