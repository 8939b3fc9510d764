import { useState, type ReactNode } from "react";
import { useWords } from "../words/words";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { RefusalAlert } from "./refusal";

interface Props {
  title: string;
  /** What will happen, in words. */
  children: ReactNode;
  confirm: string;
  danger?: boolean;
  /** Leaves it as it is, where “Cancel” could be taken for the thing itself. */
  dismiss?: string;
  /** Does it. A refusal that it throws is told in the dialog, which stays. */
  send: () => Promise<void>;
  onClose: () => void;
}

/** Asks before something is done that is noticed by others. */
export function Confirm({ title, children, confirm, danger, dismiss, send, onClose }: Props) {
  const words = useWords().ui;
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<{ thrown: unknown }>();
  const run = async () => {
    setBusy(true);
    setRefused(undefined);
    try {
      await send();
    } catch (thrown) {
      setRefused({ thrown });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      {refused && <RefusalAlert thrown={refused.thrown} />}
      <div className="usa-button-group margin-top-2">
        <Button look={danger ? "danger" : "main"} busy={busy} onClick={() => void run()}>
          {confirm}
        </Button>
        <Button look="outline" onClick={onClose}>
          {dismiss ?? words.cancel}
        </Button>
      </div>
    </Dialog>
  );
}
