import { useProfile } from "../api/profile";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

/** Where the day of payer staff begins. */
export function Home() {
  const words = useWords().reviews.home;
  const { data: profile } = useProfile("staff");
  const post = profile?.value.post;
  return (
    <>
      <Title>{words.title}</Title>
      {post && <p>{words.post(post.label)}</p>}
    </>
  );
}
