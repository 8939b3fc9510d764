// The words of every page in English: those of the rooms behind the doors stand in `inside`.
import { accounts } from "./accounts";
import { app } from "./app";
import { people } from "./people";
import { ui } from "./ui";
import { wrong } from "./wrong";

export const en = { accounts, app, people, ui, wrong };
