import { Link, useNavigate } from "react-router";
import { api, body } from "../api/client";
import { useKept } from "../api/kept";
import { Alert } from "../ui/alert";
import { Button, ButtonLink } from "../ui/button";
import { DateFields } from "../ui/date-fields";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Table } from "../ui/table";
import { Day } from "../ui/time";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { useNewCase, type Searched } from "./new-case";
import { useContract } from "./queries";

type Found = Searched["found"];

const NOTHING = { memberNumber: "", lastName: "", birthDate: "" };

/** Create Case, second part: the member, by number, or by last name and date of birth. */
export function MemberSearch() {
  const words = useWords().cases.create;
  const { profile, begun, searched, keepSearch } = useNewCase();
  const form = useFields<Searched["typed"]>(searched?.typed ?? NOTHING);
  useKept(form, "member-search", profile.username);
  const found = searched?.found;
  return (
    <>
      <Title>{words.search}</Title>
      <Form
        form={form}
        send={async (typed) => {
          const { memberNumber, lastName, birthDate } = typed;
          const search = memberNumber.trim() ? { memberNumber } : { lastName, birthDate };
          keepSearch(undefined);
          keepSearch({ typed, found: await body(api.POST("/members/search", { body: { contract: begun?.contract ?? "", ...search } })) });
          form.reset(typed, { keepValues: true });
        }}
      >
        <Field name="memberNumber" label={words.number} plain />
        <p className="margin-bottom-0 text-bold">{words.or}</p>
        <Field name="lastName" label={words.lastName} plain />
        <DateFields name="birthDate" label={words.birthDate} century="past" />
        <Button type="submit" busy={form.formState.isSubmitting}>
          {words.searchNow}
        </Button>
      </Form>
      <div role="status">{found && <p>{words.foundMembers(found.members.length)}</p>}</div>
      {found && (found.members.length > 0 ? <Members members={found.members} /> : <Nobody found={found} />)}
      <p>
        <Link to="/cases/new">{words.backToParameters}</Link>
      </p>
    </>
  );
}

function Members({ members }: { members: Found["members"] }) {
  const words = useWords().cases;
  const navigate = useNavigate();
  const { choose } = useNewCase();
  return (
    <Table
      caption={words.create.members}
      rows={members}
      keyOf={({ id }) => id}
      columns={[
        { key: "name", label: words.member, cell: ({ firstName, lastName }) => `${firstName} ${lastName}` },
        { key: "birthDate", label: words.create.birthDate, cell: ({ birthDate }) => <Day day={birthDate} /> },
        { key: "number", label: words.create.number, cell: ({ memberNumber }) => memberNumber ?? words.temporary },
        { key: "gender", label: words.create.gender, cell: ({ gender }) => words.genders[gender] },
        {
          key: "choose",
          screen: true,
          label: words.create.chosen,
          cell: (member) => (
            <Button
              aria-label={words.create.choose(`${member.firstName} ${member.lastName}`)}
              onClick={() => {
                choose(member);
                void navigate("/cases/new/earlier");
              }}
            >
              {words.create.chosen}
            </Button>
          ),
        },
      ]}
    />
  );
}

/** Where eligibility does not know the member: a temporary one, or whom to call, as the contract wants it. */
function Nobody({ found }: { found: Found }) {
  const words = useWords().cases.create;
  const { begun } = useNewCase();
  const { data: contract } = useContract(begun?.contract);
  return (
    <Alert tone="info" title={words.nobody}>
      {found.hint && <p lang="en">{found.hint}</p>}
      {found.mayAddTemporary && <ButtonLink to="/cases/new/temporary-member">{words.addTemporary}</ButtonLink>}
      {contract && !contract.temporaryMembers && (
        <p>
          {words.callSupport} <a className="usa-link" href={`tel:${contract.support.phone}`}>{contract.support.phone}</a>,{" "}
          <a className="usa-link" href={`mailto:${contract.support.email}`}>{contract.support.email}</a>
        </p>
      )}
    </Alert>
  );
}
