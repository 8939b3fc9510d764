import { useWords } from "../words/words";
import { Title } from "./title";

/** An address without a page, or one that names what is not the reader's to see. */
export function NothingHere() {
  const words = useWords().ui.refused;
  return (
    <>
      <Title>{words.notFoundTitle}</Title>
      <p>{words.notFound}</p>
    </>
  );
}
