import { useWords } from "../words/words";
import { Button } from "./button";
import { useBusy } from "./form";

/** The two ways out of a form that opens within a page: it is sent, or left. `children` say what is sent; without them there is nothing to send. */
export function SendOrLeave({ children, onLeave }: { children?: string | undefined; onLeave: () => void }) {
  const words = useWords().ui;
  const busy = useBusy();
  return (
    <div className="usa-button-group margin-top-2">
      {children && (
        <Button type="submit" busy={busy}>
          {children}
        </Button>
      )}
      <Button look="outline" onClick={onLeave}>
        {words.cancel}
      </Button>
    </div>
  );
}
