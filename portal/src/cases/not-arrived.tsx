import { Button } from "../ui/button";
import { RefusalAlert } from "../ui/refusal";
import { tell } from "../ui/wrong";
import { useSpeech } from "../words/words";
import type { Upload, Uploads } from "./uploads";

/** Files that did not arrive: why, and what can be done. Those on their way stand among the documents. */
export function NotArrived({ uploads, kept }: { uploads: readonly Upload[]; kept: Uploads }) {
  return uploads.map((upload) => upload.refused && <One key={upload.id} upload={upload} refused={upload.refused} kept={kept} />);
}

function One({ upload, refused, kept }: { upload: Upload; refused: NonNullable<Upload["refused"]>; kept: Uploads }) {
  const { words, language } = useSpeech();
  const { name } = upload.file;
  return (
    <div className="card">
      <p className="margin-0 text-bold">{name}</p>
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
        {refused.passes && <Button onClick={() => kept.again(upload)}>{words.ui.tryAgain}</Button>}
        <Button look="outline" onClick={() => kept.drop(upload)}>
          {words.cases.removeWhat(name)}
        </Button>
      </div>
    </div>
  );
}
