import { useInfiniteQuery } from "@tanstack/react-query";
import { api, body } from "../api/client";
import { Button } from "../ui/button";
import { RefusalAlert } from "../ui/refusal";
import { Time } from "../ui/time";
import { useWords } from "../words/words";
import type { CaseView } from "./queries";

/** What happened, oldest first; what was before is read when it is asked for. */
export function Timeline({ found: { key, timeline, earlierTimeline }, zone }: { found: CaseView; zone: string }) {
  const words = useWords().cases.page;
  const earlier = useInfiniteQuery({
    queryKey: ["case", key, "timeline", earlierTimeline],
    queryFn: ({ pageParam }) => body(api.GET("/cases/{id}", { params: { path: { id: key }, query: { timelineBefore: pageParam } } })),
    initialPageParam: earlierTimeline ?? "",
    getNextPageParam: (page) => page.earlierTimeline ?? undefined,
    enabled: false,
  });
  const before = (earlier.data?.pages ?? []).toReversed().flatMap((page) => page.timeline);
  const more = earlier.data ? earlier.hasNextPage : Boolean(earlierTimeline);
  const moments = [...before, ...timeline];
  return (
    <>
      {earlier.isError && <RefusalAlert thrown={earlier.error} />}
      {more && (
        <Button look="outline" busy={earlier.isFetching} onClick={() => void (earlier.data ? earlier.fetchNextPage() : earlier.refetch())}>
          {words.earlier}
        </Button>
      )}
      <ol className="timeline">
        {moments.map(({ at, by, text }) => (
          <li key={at + text}>
            <span className="usa-hint">
              <Time at={at} zone={zone} />, {by}
            </span>
            <br />
            <span lang="en">{text}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
