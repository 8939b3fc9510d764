import type { ReactNode } from "react";
import { useParams } from "react-router";
import { useProfile } from "../api/profile";
import type { Profile } from "../api/types";
import { Loading } from "../ui/loading";
import { NothingHere } from "../ui/nothing-here";
import { RefusalAlert } from "../ui/refusal";
import type { Words } from "../words/words";
import { groupsOf, type Group } from "./own";

/** The group of the address, for whoever belongs to it. */
export function InGroup({ children }: { children: (group: Group, profile: Profile) => ReactNode }) {
  const { group: id } = useParams();
  const { data, error, refetch } = useProfile("provider");
  if (error) return <RefusalAlert thrown={error} again={() => void refetch()} />;
  if (!data) return <Loading />;
  const group = groupsOf(data.value.roles).find((one) => one.id === id);
  return group ? children(group, data.value) : <NothingHere />;
}

/** A group has no name of its own: it is called after its first provider. */
export function groupName(group: Group, words: Words["groups"]): string {
  return words.group(group.providers[0]?.providerName ?? "", group.providers.length - 1);
}
