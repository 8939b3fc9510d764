// Words of the room `reviews` about gold cards.

interface Rules {
  days: number;
  least: number;
  percent: number;
  samplePercent: number;
}

export const gold = {
  link: "Gold cards",
  title: "Gold cards",
  lead: "A provider whose requests for a code were decided by people and nearly always approved has a gold card for it. Rules of automatic review may rest on one. Nobody gives a card by hand; you may take one away.",
  whose: "Whose gold cards",
  contract: "Contract",
  npi: "NPI",
  npiHint: "Of the provider who asks. Ten digits.",
  show: "Show",
  unknown: "A provider whom the contract's registry does not have",
  takes: ({ days, least, percent, samplePercent }: Rules) =>
    `A card takes at least ${least} decided requests within ${days} days, ${percent}% of them approved as asked.${samplePercent > 0 ? ` ${samplePercent}% of the requests go to a person all the same.` : ""}`,
  noRules: "This contract knows no gold cards.",
  goodFor: (codes: string) => `Rules of automatic review rest on a card for: ${codes}.`,
  goodForNothing: "No rule of automatic review rests on a card.",
  none: "People have decided no request of this provider.",
  caption: "Gold cards by code",
  code: "Code",
  card: "Gold card",
  figure: "Approved as asked",
  of: (approved: number, decided: number) => `${approved} of ${decided}`,
  since: "since",
  change: "Change",
  holds: "Yes",
  lacks: "No",
  away: "Taken away",
  take: "Take away",
  takeOne: (code: string) => `Take away the card for ${code}`,
  takeAsk: (code: string) => `Take away the gold card for ${code}?`,
  takeText: "From now on requests for this code go to a person, whatever the figures say. Requests that were approved stay approved.",
  reason: "Why it is taken away",
  taken: (code: string) => `The gold card for ${code} is taken away.`,
  give: "Give back",
  giveOne: (code: string) => `Give back the card for ${code}`,
  giveAsk: (code: string) => `Give back the gold card for ${code}?`,
  giveText: "The provider has it again as soon as the figures are good enough.",
  given: (code: string) => `The gold card for ${code} is given back.`,
  before: "Codes before",
  further: "Further codes",
};
