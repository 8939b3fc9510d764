// The words of the rooms behind the doors in English, loaded with the first page that needs a session.
import { cases } from "./cases";
import { contracts } from "./contracts";
import { feeds } from "./feeds";
import { fhir } from "./fhir";
import { groups } from "./groups";
import * as requests from "./requests";
import { reviews } from "./reviews";
import { staff } from "./staff";

export const inside = { cases, contracts, feeds, fhir, groups, requests, reviews, staff };
