import { useState } from "react";
import { Button } from "./button";
import { RefusalAlert } from "./refusal";

/** Saves a file that the API gives, under its name. */
export function Download({ name, file, text }: { name: string; file: () => Promise<Blob>; text: string }) {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<{ thrown: unknown }>();
  const save = async () => {
    setBusy(true);
    setRefused(undefined);
    try {
      // Spreadsheets of today take UTF-8 for what it is only with this mark.
      const address = URL.createObjectURL(new Blob(["\ufeff", await file()], { type: "text/csv" }));
      const link = document.createElement("a");
      link.href = address;
      link.download = `${name}.csv`;
      link.click();
      URL.revokeObjectURL(address);
    } catch (thrown) {
      setRefused({ thrown });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button look="outline" busy={busy} onClick={() => void save()}>
        {text}
      </Button>
      {refused && <RefusalAlert thrown={refused.thrown} />}
    </>
  );
}
