import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { api, body } from "../api/client";
import { useZones } from "../api/contracts";
import { useKept } from "../api/kept";
import { useProfile } from "../api/profile";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Empty } from "../ui/empty";
import { Facts } from "../ui/facts";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Table } from "../ui/table";
import { Day, Time } from "../ui/time";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords } from "../words/words";

type Person = Schemas["PersonView"];
type Waiting = Schemas["Compared"];
type Path = { id: string; member: string };

function waitingQuery(path: Path) {
  return queryOptions({
    queryKey: ["temporary-member", path.id, path.member],
    queryFn: () => body(api.GET("/staff/contracts/{id}/temporary-members/{member}", { params: { path } })),
  });
}

/** A temporary member beside whom it could be: intake says who it is. */
export function WaitingMember() {
  const words = useWords().cases.waiting;
  const { contract: id = "", member = "" } = useParams();
  const path = { id, member };
  const owner = useProfile("staff").data?.value.username;
  const [done, setDone] = useState<number>();
  const { data, error, refetch } = useQuery({ ...waitingQuery(path), enabled: done === undefined });
  return (
    <>
      <Title>{words.one}</Title>
      <p>
        <Link to="/staff/temporary-members">{words.toList}</Link>
      </p>
      {done !== undefined && <Told>{words.done(done)}</Told>}
      {error && done === undefined && <RefusalAlert thrown={error} again={() => void refetch()} />}
      {(!data || !owner) && !error && done === undefined && <Loading />}
      {data && owner && done === undefined && <Compare path={path} waiting={data} owner={owner} onDone={setDone} />}
    </>
  );
}

function Compare({ path, waiting, owner, onDone }: { path: Path; waiting: Waiting; owner: string; onDone: (cases: number) => void }) {
  const { cases } = useWords();
  const words = cases.waiting;
  const queries = useQueryClient();
  const zone = useZones([path.id])(path.id);
  const [found, setFound] = useState<readonly Person[]>();
  const [asked, ask] = useState<Person>();
  const known = [...waiting.like, ...(found ?? []).filter((one) => waiting.like.every(({ id }) => id !== one.id))];
  return (
    <>
      <Facts
        facts={[
          { label: words.name, value: [waiting.firstName, waiting.middleName, waiting.lastName, waiting.suffix].filter(Boolean).join(" ") },
          { label: words.born, value: <Day day={waiting.birthDate} /> },
          { label: words.gender, value: cases.genders[waiting.gender] },
          { label: words.address, value: waiting.address },
          { label: words.phone, value: waiting.phone },
          { label: words.email, value: waiting.email },
          { label: words.entered, value: <><Time at={waiting.at} zone={zone} />, {waiting.by}</> },
          { label: words.cases, value: waiting.cases },
        ]}
      />
      <h2>{words.likeTitle}</h2>
      <p>{words.likeLead}</p>
      {known.length === 0 && <Empty>{words.nobodyLike}</Empty>}
      {known.length > 0 && <Known people={known} onChoose={ask} />}
      <ByNumber path={path} owner={owner} onFound={setFound} />
      {found?.length === 0 && (
        <div role="status">
          <Empty>{words.nobody}</Empty>
        </div>
      )}
      {asked && (
        <Confirm
          title={words.ask}
          confirm={words.merge}
          send={async () => {
            const { cases: moved } = await body(api.POST("/staff/contracts/{id}/temporary-members/{member}/merge", { params: { path }, body: { into: asked.id } }));
            void queries.invalidateQueries({ queryKey: ["temporary-members"] });
            onDone(moved);
          }}
          onClose={() => ask(undefined)}
        >
          <p>
            {words.entry}: <Line person={waiting} />
          </p>
          <p>
            {words.real}: <Line person={asked} />
          </p>
          <p>{words.askText}</p>
        </Confirm>
      )}
    </>
  );
}

function Line({ person }: { person: Person }) {
  const { genders } = useWords().cases;
  return (
    <strong>
      {person.firstName} {person.lastName}, <Day day={person.birthDate} />, {genders[person.gender]}
      {person.memberNumber && `, ${person.memberNumber}`}
    </strong>
  );
}

function Known({ people, onChoose }: { people: readonly Person[]; onChoose: (person: Person) => void }) {
  const { cases } = useWords();
  const words = cases.waiting;
  return (
    <Table
      caption={words.likeCaption}
      rows={people}
      keyOf={({ id }) => id}
      columns={[
        { key: "name", label: words.name, cell: ({ firstName, lastName }) => `${firstName} ${lastName}` },
        { key: "number", label: words.number, cell: ({ memberNumber }) => memberNumber },
        { key: "born", label: words.born, cell: ({ birthDate }) => <Day day={birthDate} /> },
        { key: "gender", label: words.gender, cell: ({ gender }) => cases.genders[gender] },
        { key: "address", label: words.address, cell: ({ address }) => address },
        {
          key: "merge",
          label: words.choose,
          screen: true,
          cell: (person) => (
            <Button look="outline" aria-label={words.chooseOne(`${person.firstName} ${person.lastName}`)} onClick={() => onChoose(person)}>
              {words.choose}
            </Button>
          ),
        },
      ]}
    />
  );
}

function ByNumber({ path, owner, onFound }: { path: Path; owner: string; onFound: (people: readonly Person[]) => void }) {
  const words = useWords().cases.waiting;
  const form = useFields({ memberNumber: "" });
  useKept(form, `merge ${path.member}`, owner);
  return (
    <Form
      form={form}
      label={words.byNumber}
      send={async ({ memberNumber }) => {
        const { members } = await body(api.POST("/staff/contracts/{id}/temporary-members/{member}/search", { params: { path }, body: { memberNumber } }));
        onFound(members);
      }}
    >
      <h2>{words.byNumber}</h2>
      <Field name="memberNumber" label={words.number} hint={words.numberHint} required plain />
      <Button type="submit" look="outline" busy={form.formState.isSubmitting}>
        {words.search}
      </Button>
    </Form>
  );
}
