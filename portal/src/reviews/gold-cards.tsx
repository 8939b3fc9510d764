import { useSearchParams } from "react-router";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../api/client";
import { useZones } from "../api/contracts";
import { useKept } from "../api/kept";
import { useProfile } from "../api/profile";
import type { Schemas } from "../api/types";
import { STAY, useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Select } from "../ui/choices";
import { Confirm } from "../ui/confirm";
import { Dialog } from "../ui/dialog";
import { Empty } from "../ui/empty";
import { Field, TextArea } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { SendOrLeave } from "../ui/send-or-leave";
import { Table } from "../ui/table";
import { Day, Time } from "../ui/time";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords } from "../words/words";

type Card = Schemas["CardView"];

function cardsQuery(contract: string, npi: string, after?: string) {
  return queryOptions({
    queryKey: ["gold-cards", contract, npi, after],
    queryFn: () => body(api.GET("/staff/contracts/{id}/gold-cards", { params: { path: { id: contract }, query: { npi, ...(after && { after }) } } })),
  });
}

/** The gold cards of a provider: what people decided of their requests, and what follows from it. Contract and NPI stand in the address. */
export function GoldCards() {
  const words = useWords().reviews.gold;
  const { data: profile } = useProfile("staff");
  const [address] = useSearchParams();
  const { contract, npi } = { contract: address.get("contract"), npi: address.get("npi") };
  return (
    <>
      <Title>{words.title}</Title>
      <p>{words.lead}</p>
      {!profile && <Loading />}
      {profile && <Whose contracts={profile.value.contracts} />}
      {profile && contract && npi && <Cards key={`${contract} ${npi}`} contract={contract} npi={npi} owner={profile.value.username} />}
    </>
  );
}

function Whose({ contracts }: { contracts: readonly { id: string; name: string }[] }) {
  const words = useWords().reviews.gold;
  const [address, lead] = useSearchParams();
  const queries = useQueryClient();
  const only = contracts.length === 1 ? (contracts[0]?.id ?? "") : "";
  const form = useFields({ contract: address.get("contract") ?? only, npi: address.get("npi") ?? "" });
  return (
    <Form
      form={form}
      label={words.whose}
      send={async ({ contract, npi: typed }) => {
        const npi = typed.replace(/\s/g, "");
        // What is wrong with the number is told at its field.
        await queries.fetchQuery(cardsQuery(contract, npi));
        lead({ contract, npi }, STAY);
      }}
    >
      <Select name="contract" label={words.contract} required options={contracts.map(({ id, name }) => ({ value: id, label: name }))} />
      <Field name="npi" label={words.npi} hint={words.npiHint} required width="medium" inputMode="numeric" plain />
      <Button type="submit" busy={form.formState.isSubmitting}>
        {words.show}
      </Button>
    </Form>
  );
}

interface Of {
  contract: string;
  npi: string;
  owner: string;
}

function Cards({ contract, npi, owner }: Of) {
  const words = useWords().reviews.gold;
  const queries = useQueryClient();
  const [asked, ask] = useAsked();
  const [told, tell] = useState<string>();
  const [after, setAfter] = useState<string[]>([]);
  const zone = useZones([contract])(contract);
  const from = after.at(-1);
  const { data, error, refetch } = useQuery(cardsQuery(contract, npi, from));
  const card = data?.cards.find(({ code }) => code === asked);
  const put = async (code: string, revoked: boolean, reason?: string) => {
    await api.PUT("/staff/contracts/{id}/gold-cards/{npi}/{code}", { params: { path: { id: contract, npi, code } }, body: { revoked, ...(reason !== undefined && { reason }) } });
    await queries.invalidateQueries({ queryKey: ["gold-cards"] });
    tell(revoked ? words.taken(code) : words.given(code));
    ask();
  };
  if (error) return <RefusalAlert thrown={error} again={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <>
      {told && <Told>{told}</Told>}
      <h2>{data.provider ?? words.unknown}</h2>
      {data.rules ? <p>{words.takes(data.rules)}</p> : <p>{words.noRules}</p>}
      {data.rules && <p>{data.codes.length > 0 ? words.goodFor(data.codes.join(", ")) : words.goodForNothing}</p>}
      {data.cards.length === 0 ? <Empty>{words.none}</Empty> : <List cards={data.cards} zone={zone} rules={!!data.rules} onAsk={ask} />}
      {(after.length > 0 || data.next) && (
        <p>
          {after.length > 0 && (
            <Button look="outline" onClick={() => setAfter(after.slice(0, -1))}>
              {words.before}
            </Button>
          )}{" "}
          {data.next && (
            <Button look="outline" onClick={() => setAfter([...after, data.next ?? ""])}>
              {words.further}
            </Button>
          )}
        </p>
      )}
      {card && !card.revoked && <Take card={card} owner={owner} of={`${contract} ${npi}`} send={(reason) => put(card.code, true, reason)} onClose={() => ask()} />}
      {card?.revoked && (
        <Confirm title={words.giveAsk(card.code)} confirm={words.give} send={() => put(card.code, false)} onClose={() => ask()}>
          <p>{words.giveText}</p>
        </Confirm>
      )}
    </>
  );
}

function List({ cards, zone, rules, onAsk }: { cards: readonly Card[]; zone: string | undefined; rules: boolean; onAsk: (code: string) => void }) {
  const words = useWords().reviews.gold;
  return (
    <Table
      caption={words.caption}
      rows={cards}
      keyOf={({ code }) => code}
      columns={[
        { key: "code", label: words.code, cell: ({ code }) => code },
        { key: "holds", label: words.card, cell: (card) => <State card={card} zone={zone} /> },
        ...(rules ? [{ key: "figure", label: words.figure, cell: (card: Card) => <Figure card={card} /> }] : []),
        {
          key: "change",
          label: words.change,
          screen: true,
          cell: ({ code, revoked }) => (
            <Button look="outline" aria-label={revoked ? words.giveOne(code) : words.takeOne(code)} onClick={() => onAsk(code)}>
              {revoked ? words.give : words.take}
            </Button>
          ),
        },
      ]}
    />
  );
}

function Figure({ card }: { card: Card }) {
  const words = useWords().reviews.gold;
  return (
    <>
      {words.of(card.approved, card.decided)}
      {card.since && (
        <>
          {" "}
          {words.since} <Day day={card.since} />
        </>
      )}
    </>
  );
}

function State({ card, zone }: { card: Card; zone: string | undefined }) {
  const words = useWords().reviews.gold;
  if (!card.revoked) return card.holds ? words.holds : words.lacks;
  return (
    <>
      {words.away} <Time at={card.revoked.at} zone={zone} />, {card.revoked.by}: <span lang="">{card.revoked.reason}</span>
    </>
  );
}

function Take({ card, owner, of, send, onClose }: { card: Card; owner: string; of: string; send: (reason: string) => Promise<void>; onClose: () => void }) {
  const words = useWords().reviews.gold;
  const form = useFields({ reason: "" });
  useKept(form, `gold card ${of} ${card.code}`, owner);
  return (
    <Dialog title={words.takeAsk(card.code)} onClose={onClose}>
      <p>{words.takeText}</p>
      <Form
        form={form}
        label={words.takeAsk(card.code)}
        send={async ({ reason }) => {
          await send(reason);
          form.reset();
        }}
      >
        <TextArea name="reason" label={words.reason} required rows={3} maxLength={1000} />
        <SendOrLeave onLeave={onClose}>{words.take}</SendOrLeave>
      </Form>
    </Dialog>
  );
}
