import { api } from "../api/client";
import { queries } from "../api/queries";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { useWords } from "../words/words";

interface Props {
  /** Opaque key of the case. */
  of: string;
  /** The member, as people read the name. */
  who: string;
  /** In a row that names the member already. */
  short?: boolean;
  /** Where the page stays; else what is read again leads on. */
  onDone?: (said: string) => void;
}

/** Gives up a case that was saved and not submitted. It asks first, for colleagues notice it. */
export function CancelDraft({ of, who, short, onDone }: Props) {
  const words = useWords().cases.ends;
  const [asked, ask] = useAsked();
  const send = async () => {
    await api.PUT("/cases/{id}/cancellation", { params: { path: { id: of } } });
    ask();
    onDone?.(words.cancelled(who));
    await queries.invalidateQueries({ queryKey: ["cases"] });
    await queries.invalidateQueries({ queryKey: ["case", of] });
  };
  return (
    <>
      <Button look={short ? "link" : "outline"} aria-label={short ? words.cancelWhat(who) : undefined} onClick={() => ask(`cancel-${of}`)}>
        {short ? words.cancel : words.cancelThis}
      </Button>
      {asked === `cancel-${of}` && (
        <Confirm title={words.cancelTitle(who)} confirm={words.cancelYes} dismiss={words.keep} danger send={send} onClose={() => ask()}>
          <p>{words.cancelText}</p>
        </Confirm>
      )}
    </>
  );
}
