import { api, body } from "../api/client";
import { Moments, type Part } from "../ui/moments";
import { useWords } from "../words/words";
import type { CaseView } from "./queries";

/** What happened to a case. */
export function Timeline({ found, zone }: { found: CaseView; zone: string }) {
  const words = useWords().cases.timeline;
  const part = ({ timeline, earlierTimeline }: CaseView): Part => ({
    moments: timeline.map((moment) => Object.assign({ key: moment.at + moment.text }, moment)),
    earlier: earlierTimeline,
  });
  const before = async (timelineBefore: string) => part(await body(api.GET("/cases/{id}", { params: { path: { id: found.key }, query: { timelineBefore } } })));
  return <Moments look="timeline" part={part(found)} zone={zone} more={words.earlier} before={before} />;
}
