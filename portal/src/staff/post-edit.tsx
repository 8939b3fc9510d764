import { useState } from "react";
import { useKept } from "../api/kept";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Conflict, type Difference } from "../ui/conflict";
import { Form, useFields } from "../ui/form";
import { Told } from "../ui/told";
import { useWords, type Words } from "../words/words";
import { postForm, postOf, type Person, type Post } from "./person";
import { PostFields } from "./post-fields";

/** What became of an edit: saved, or somebody else was faster, and so it is now. */
export type Save = (post: Schemas["PostForm"]) => Promise<{ saved: Person; theirs?: never } | { saved?: never; theirs: Person }>;

/** Changes the post of a member of staff. */
export function PostEdit({ person, owner, save }: { person: Person; owner: string; save: Save }) {
  const { staff: words, people } = useWords();
  const form = useFields<{ post: Post }>({ post: postOf(person) });
  useKept(form, `post ${person.username}`, owner);
  const [told, tell] = useState<string>();
  const [theirs, setTheirs] = useState<Post>();
  return (
    <>
      {told && <Told>{told}</Told>}
      {theirs && (
        <Conflict
          differences={differences(words, theirs, form.getValues("post"))}
          onMine={() => {
            form.reset({ post: theirs }, { keepValues: true });
            setTheirs(undefined);
          }}
          onTheirs={() => {
            form.reset({ post: theirs });
            setTheirs(undefined);
          }}
        />
      )}
      <Form
        form={form}
        label={words.post}
        send={async ({ post }) => {
          tell(undefined);
          const change = postForm(post, form.formState.defaultValues?.post as Post);
          if (Object.keys(change).length === 0) return tell(words.nothing);
          const { saved, theirs: now } = await save(change);
          if (!saved) return setTheirs(postOf(now));
          form.reset({ post: postOf(saved) });
          return tell(people.saved);
        }}
      >
        <PostFields />
        <Button type="submit" busy={form.formState.isSubmitting}>
          {words.savePost}
        </Button>
      </Form>
    </>
  );
}

function differences(words: Words["staff"], theirs: Post, mine: Post): Difference[] {
  const rows = (post: Post): [string, string, string][] => [
    ["role", words.role, post.role ? words.roles[post.role] : ""],
    ["credential", words.credential, post.credential],
    ["license", words.license, `${post.license.state} ${post.license.number}`.trim()],
    ["specialty", words.specialty, post.specialty],
    ["contracts", words.contracts, post.contracts.toSorted().join(", ")],
  ];
  const typed = rows(mine);
  return rows(theirs).flatMap(([key, label, text], row) => {
    const own = typed[row]?.[2] ?? "";
    return own === text ? [] : [{ key, label, theirs: text, mine: own }];
  });
}
