import { useMemo } from "react";
import { encode } from "uqr";
import { CopyText } from "../ui/copy-text";
import { useWords } from "../words/words";

/** The secret of an authenticator app, as a picture to scan and as text to type. */
export function AppSecret({ uri, secret }: { uri: string; secret: string }) {
  const words = useWords().accounts.enrol;
  const { path, size } = useMemo(() => drawing(uri), [uri]);
  return (
    <>
      <p>{words.scan}</p>
      <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={words.qr} shapeRendering="crispEdges">
        <path d={path} fill="#000" />
      </svg>
      <p>
        {words.typeSecret} <CopyText text={secret} what={words.secret} />
      </p>
    </>
  );
}

/** One path of squares: the content policy allows no markup made from text. */
function drawing(uri: string): { path: string; size: number } {
  const { data, size } = encode(uri, { border: 2 });
  const dark = data.flatMap((row, y) => row.flatMap((set, x) => (set ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { path: dark.join(""), size };
}
