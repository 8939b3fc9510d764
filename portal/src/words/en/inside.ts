// The words of the rooms behind the doors in English, loaded with the first page that needs a session.
import { accesses } from "./accesses";
import { cases } from "./cases";
import { contracts } from "./contracts";
import { delivery } from "./delivery";
import { events } from "./events";
import { feeds } from "./feeds";
import { fhir } from "./fhir";
import { groups } from "./groups";
import { letters } from "./letters";
import { alerts, messages } from "./messages";
import { packs } from "./packs";
import { questionnaires } from "./questionnaires";
import { reports } from "./reports";
import * as requests from "./requests";
import { reviews } from "./reviews";
import { staff } from "./staff";

export const inside = { accesses, alerts, cases, contracts, delivery, events, feeds, fhir, groups, letters, messages, packs, questionnaires, reports, requests, reviews, staff };
