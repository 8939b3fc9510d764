// All words of the portal in one language; each room has a file of its own.
import type { Words } from "../words";
import { accesses } from "./accesses";
import { accounts } from "./accounts";
import { app } from "./app";
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
import { people } from "./people";
import { questionnaires } from "./questionnaires";
import { reports } from "./reports";
import * as requests from "./requests";
import { reviews } from "./reviews";
import { staff } from "./staff";
import { ui } from "./ui";
import { wrong } from "./wrong";

export const es: Words = { accesses, accounts, alerts, app, cases, contracts, delivery, events, feeds, fhir, groups, letters, messages, packs, people, questionnaires, reports, requests, reviews, staff, ui, wrong };
