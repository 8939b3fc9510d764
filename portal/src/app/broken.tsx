import { isRouteErrorResponse, useRouteError } from "react-router";
import { isRefused } from "../api/refused";
import { Alert } from "../ui/alert";
import { Button } from "../ui/button";
import { NothingHere } from "../ui/nothing-here";
import { RefusalAlert } from "../ui/refusal";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

/** In place of a page that could not be shown. */
export function Broken() {
  const words = useWords().ui;
  const thrown = useRouteError();
  if (isRouteErrorResponse(thrown) || isRefused(thrown, "not-found")) return <NothingHere />;
  const again = () => window.location.reload();
  return (
    <>
      <Title>{words.refused.brokenTitle}</Title>
      {isRefused(thrown) ? (
        <RefusalAlert thrown={thrown} again={again} />
      ) : (
        <Alert tone="error">
          <p>{words.refused.broken}</p>
          <Button look="outline" onClick={again}>
            {words.tryAgain}
          </Button>
        </Alert>
      )}
    </>
  );
}
