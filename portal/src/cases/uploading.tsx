import { Button } from "../ui/button";
import { Progress } from "../ui/file-drop";
import { RefusalAlert } from "../ui/refusal";
import { tell } from "../ui/wrong";
import { useSpeech } from "../words/words";
import type { Upload } from "./uploads";

/** How far a file is on its way; or why it did not arrive, and what can be done. */
export function Uploading({ upload: { file, percent, refused }, onAgain, onDrop }: { upload: Upload; onAgain: () => void; onDrop: () => void }) {
  const { words, language } = useSpeech();
  if (!refused) return <Progress name={file.name} percent={percent} />;
  return (
    <div className="card">
      <p className="margin-0 text-bold">{file.name}</p>
      <RefusalAlert thrown={refused} />
      {refused.errors.map((error) => {
        const { text, lang } = tell(error, words, language);
        return (
          <p key={error.pointer} className="usa-error-message" lang={lang}>
            {text}
          </p>
        );
      })}
      <div className="usa-button-group">
        {refused.passes && <Button onClick={onAgain}>{words.ui.tryAgain}</Button>}
        <Button look="outline" onClick={onDrop}>
          {words.cases.removeWhat(file.name)}
        </Button>
      </div>
    </div>
  );
}
