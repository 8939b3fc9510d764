import { Time } from "../ui/time";
import { useContract } from "./queries";

/** A moment in the zone of its contract. */
export function Local({ at, contract }: { at: string; contract: string }) {
  const { data } = useContract(contract);
  return <Time at={at} zone={data?.timeZone} />;
}
