// All words of the portal in one language; each room has a file of its own.
import { accounts } from "./accounts";
import { app } from "./app";
import { cases } from "./cases";
import { contracts } from "./contracts";
import { feeds } from "./feeds";
import { groups } from "./groups";
import { people } from "./people";
import * as requests from "./requests";
import { reviews } from "./reviews";
import { staff } from "./staff";
import { ui } from "./ui";
import { wrong } from "./wrong";

export const en = { accounts, app, cases, contracts, feeds, groups, people, requests, reviews, staff, ui, wrong };
