import { useState } from "react";
import { Button } from "./button";
import { RefusalAlert } from "./refusal";

interface Props {
  label: string;
  /** Asks for an address that works for a short time. */
  address: () => Promise<string>;
}

/** Opens a file beside the page: what the browser can show in a tab of its own, the rest in the reader's own program. */
export function OpenFile({ label, address }: Props) {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<{ thrown: unknown }>();
  const open = async () => {
    setBusy(true);
    setRefused(undefined);
    try {
      const link = document.createElement("a");
      link.href = await address();
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      link.click();
    } catch (thrown) {
      setRefused({ thrown });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button look="link" busy={busy} onClick={() => void open()}>
        {label}
      </Button>
      {refused && <RefusalAlert thrown={refused.thrown} />}
    </>
  );
}
