import { useState } from "react";
import type { Save } from "../api/edit";
import { useKept } from "../api/kept";
import { useProfile } from "../api/profile";
import { Button } from "../ui/button";
import { FormConflict, type Difference } from "../ui/conflict";
import { Form, useFields } from "../ui/form";
import { Told } from "../ui/told";
import { useWords, type Words } from "../words/words";
import { postForm, postOf, type Change, type Person, type Post } from "./person";
import { PostFields } from "./post-fields";

/** Changes the post of a member of staff. */
export function PostEdit({ person, owner, save }: { person: Person; owner: string; save: Save<Person, Change> }) {
  const { staff: words, people } = useWords();
  const form = useFields<{ post: Post }>({ post: postOf(person) });
  useKept(form, `post ${person.username}`, owner);
  const [told, tell] = useState<string>();
  const [theirs, setTheirs] = useState<Post>();
  const contracts = useProfile("staff").data?.value.contracts ?? [];
  const named = (id: string) => contracts.find((contract) => contract.id === id)?.name ?? id;
  return (
    <>
      {told && <Told>{told}</Told>}
      {theirs && (
        <FormConflict
          form={form}
          theirs={{ post: theirs }}
          differences={differences({ staff: words, people }, theirs, form.getValues("post"), named)}
          onSettled={() => setTheirs(undefined)}
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

function differences({ staff: words, people }: Pick<Words, "staff" | "people">, theirs: Post, mine: Post, named: (contract: string) => string): Difference[] {
  const rows = (post: Post): [string, string, string][] => [
    ["role", words.role, post.role ? people.post[post.role] : ""],
    ["credential", words.credential, post.credential],
    ["license", words.license, `${post.license.state} ${post.license.number}`.trim()],
    ["specialty", words.specialty, post.specialty],
    ["lead", words.leadLabel, post.lead ? people.lead : ""],
    ["contracts", words.contracts, post.contracts.map(named).toSorted().join(", ")],
  ];
  const typed = rows(mine);
  return rows(theirs).flatMap(([key, label, text], row) => {
    const own = typed[row]?.[2] ?? "";
    return own === text ? [] : [{ key, label, theirs: text, mine: own }];
  });
}
