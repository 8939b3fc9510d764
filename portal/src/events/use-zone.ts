import { useZones } from "../api/contracts";
import { useProfile } from "../api/profile";

/** Queues are of no contract: their moments are told in the zone of the reader's first one. */
export function useOwnZone(): string | undefined {
  const { data: profile } = useProfile("staff");
  const ids = profile?.value.contracts.map(({ id }) => id) ?? [];
  return useZones(ids)(ids[0]);
}
