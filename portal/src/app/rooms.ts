// Every room of the portal, one line each; their links stand in the header in this order.

import { accounts } from "../accounts/routes";
import { cases } from "../cases/routes";
import { contracts } from "../contracts/routes";
import { delivery } from "../delivery/routes";
import { events } from "../events/routes";
import { feeds } from "../feeds/routes";
import { fhir } from "../fhir/routes";
import { groups } from "../groups/routes";
import { letters } from "../letters/routes";
import { reports } from "../reports/routes";
import { reviews } from "../reviews/routes";
import type { Room } from "../room";
import { staff } from "../staff/routes";

export const rooms: readonly Room[] = [reviews, cases, contracts, groups, letters, delivery, staff, events, feeds, fhir, reports, accounts];
