import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useParams } from "react-router";
import { useProfile } from "../api/profile";
import type { Profile } from "../api/types";
import { Loading } from "../ui/loading";
import { NothingHere } from "../ui/nothing-here";
import { RefusalAlert } from "../ui/refusal";
import { Title } from "../ui/title";
import type { Words } from "../words/words";
import { groupsOf, withAll, type Group } from "./own";
import { placesQuery } from "./places";

interface Props {
  /** Of the page, which has it from the beginning. */
  title: string;
  children: (group: Group, profile: Profile) => ReactNode;
}

/** A page about the group of the address, for whoever belongs to it. */
export function InGroup({ title, children }: Props) {
  const { group: id } = useParams();
  const { data, error, refetch } = useProfile("provider");
  const group = data && groupsOf(data.value.roles).find((one) => one.id === id);
  if (data && !group) return <NothingHere />;
  const inside = (whole: Group) => data && children(whole, data.value);
  return (
    <>
      <Title>{title}</Title>
      {error ? (
        <RefusalAlert thrown={error} again={() => void refetch()} />
      ) : !group ? (
        <Loading />
      ) : group.managesAll ? (
        <Whole group={group}>{inside}</Whole>
      ) : (
        inside(group)
      )}
    </>
  );
}

/** A group with the providers that others registered too: their users are to be managed as well. */
export function Whole({ group, children }: { group: Group; children: (group: Group) => ReactNode }) {
  const { data, error, refetch } = useQuery(placesQuery(group.id));
  if (error) return <RefusalAlert thrown={error} again={() => void refetch()} />;
  return data ? children(withAll(group, data)) : <Loading />;
}

/** A group has no name of its own: it is called after its first provider. */
export function groupName(group: Group, words: Words["groups"]): string {
  return words.group(group.providers[0]?.providerName ?? "", group.providers.length - 1);
}
