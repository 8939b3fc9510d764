import { isRouteErrorResponse, useRouteError } from "react-router";
import { isRefused } from "../api/refused";
import { Alert } from "../ui/alert";
import { Button } from "../ui/button";
import { RefusalAlert } from "../ui/refusal";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

/** An address without a page. */
export function NotFound() {
  const words = useWords().ui.refused;
  return (
    <>
      <Title>{words.notFoundTitle}</Title>
      <p>{words.notFound}</p>
    </>
  );
}

/** In place of a page that could not be shown. */
export function Broken() {
  const words = useWords().ui;
  const thrown = useRouteError();
  if (isRouteErrorResponse(thrown) || isRefused(thrown, "not-found")) return <NotFound />;
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
