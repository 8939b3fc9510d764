import { useEffect, useRef, useState } from "react";
import { Alert } from "../ui/alert";
import { Button } from "../ui/button";
import { useWords } from "../words/words";

interface Props {
  /** Where the picture of each page is fetched. */
  urls: readonly string[];
  /** Asks for addresses that work, where these have ended. */
  again: () => void;
}

/** The pages of a fax, one at a time. A page that was faxed upside down can be turned. */
export function Pages({ urls, again }: Props) {
  const words = useWords().delivery;
  const [page, setPage] = useState(0);
  const [turned, setTurned] = useState(false);
  const url = urls[page];
  if (!url) return <Alert tone="warning">{words.unreadable}</Alert>;
  return (
    <section aria-label={words.pages}>
      <p aria-live="polite">{words.page(page + 1, urls.length)}</p>
      <div className="usa-button-group">
        {urls.length > 1 && (
          <>
            <Button look="outline" aria-disabled={page === 0} onClick={() => setPage(Math.max(page - 1, 0))}>
              {words.before}
            </Button>
            <Button look="outline" aria-disabled={page === urls.length - 1} onClick={() => setPage(Math.min(page + 1, urls.length - 1))}>
              {words.next}
            </Button>
          </>
        )}
        <Button look="outline" aria-pressed={turned} onClick={() => setTurned(!turned)}>
          {words.turn}
        </Button>
      </div>
      <Sheet key={url} url={url} turned={turned} label={words.picture(page + 1, urls.length)} again={again} />
    </section>
  );
}

/** Drawn, not linked to: the content policy lets no picture of another origin be shown. */
function Sheet({ url, turned, label, again }: { url: string; turned: boolean; label: string; again: () => void }) {
  const words = useWords().delivery;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [picture, setPicture] = useState<ImageBitmap>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const read = async () => {
      const answer = await fetch(url, { signal: stop.signal });
      if (!answer.ok) throw new Error("no picture");
      setPicture(await createImageBitmap(await answer.blob()));
    };
    read().catch(() => {
      if (!stop.signal.aborted) setFailed(true);
    });
    return () => stop.abort();
  }, [url]);
  useEffect(() => {
    const sheet = canvas.current;
    if (sheet && picture) draw(sheet, picture, turned);
  }, [picture, turned]);
  if (failed) {
    return (
      <Alert tone="warning">
        <p>{words.ended}</p>
        <Button look="outline" onClick={again}>
          {words.again}
        </Button>
      </Alert>
    );
  }
  return <canvas ref={canvas} className="sheet" role="img" aria-label={label} aria-busy={!picture} />;
}

function draw(sheet: HTMLCanvasElement, picture: ImageBitmap, turned: boolean): void {
  sheet.width = picture.width;
  sheet.height = picture.height;
  const pen = sheet.getContext("2d");
  if (!pen) return;
  if (turned) pen.setTransform(-1, 0, 0, -1, picture.width, picture.height);
  pen.drawImage(picture, 0, 0);
}
