import { useInfiniteQuery, type InfiniteData, type QueryKey, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { useEffect, useRef, type ReactNode } from "react";
import { useWords } from "../words/words";
import { Button } from "./button";
import { Empty } from "./empty";
import { Loading } from "./loading";
import { RefusalAlert } from "./refusal";

export interface Column<T> {
  key: string;
  label: string;
  cell: (row: T) => ReactNode;
  /** It has buttons alone, which nobody needs on paper. */
  screen?: boolean;
  /** It says what a row is about, where the first column does not. */
  heads?: boolean;
  /** Its texts, as names of files, have no blanks to break at. */
  unbroken?: boolean;
}

function look<T>({ screen, unbroken }: Column<T>): string | undefined {
  return [screen && "screen", unbroken && "unbroken"].filter(Boolean).join(" ") || undefined;
}

interface Props<T> {
  caption: string;
  /** A heading above says the same: the caption is only for who hears the page. */
  headed?: boolean;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
}

/** So many columns need a wide screen, and so many a wider one. */
const [MANY, MOST] = [5, 7];

/** Rows under headings; the first column names its row. On a narrow screen each row becomes a card: the heading stands before each value; with many columns sooner. */
export function Table<T>({ caption, headed, columns, rows, keyOf }: Props<T>) {
  const head = columns.find(({ heads }) => heads);
  return (
    <table className={`usa-table usa-table--stacked-header usa-table--borderless width-full ${columns.length < MANY ? "" : columns.length < MOST ? "many" : "most"}`}>
      <caption className={headed ? "usa-sr-only" : undefined}>{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} scope="col" className={column.screen ? "screen" : undefined}>
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map((column, index) =>
              column === head || (!head && index === 0) ? (
                <th key={column.key} scope="row" data-label={column.label} className={look(column)}>
                  {column.cell(row)}
                </th>
              ) : (
                <td key={column.key} data-label={column.label} className={look(column)}>
                  {column.cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export interface Page<T> {
  rows: readonly T[];
  /** Of the next page; none on the last one. */
  cursor?: string | null | undefined;
}

/** One page from the server. */
type Read<T> = (cursor: string | undefined) => Promise<Page<T>>;

interface PagesProps<T> extends Omit<Props<T>, "rows"> {
  list: List<T>;
  empty: ReactNode;
}

interface PagedProps<T> extends Omit<PagesProps<T>, "list"> {
  queryKey: QueryKey;
  page: Read<T>;
  /** What stands below. It is shown with the list: what moves down while somebody clicks takes the click for nothing. */
  children?: ReactNode;
}

/** The same for lists that the server gives page by page: more is read when it is asked for. */
export function PagedTable<T>({ queryKey, page, children, ...shown }: PagedProps<T>) {
  const list = usePages(queryKey, page);
  return (
    <>
      <PagesTable list={list} {...shown} />
      {children && <div hidden={list.isPending}>{children}</div>}
    </>
  );
}

type List<T> = UseInfiniteQueryResult<InfiniteData<Page<T>>>;

/** What was read of such a list. */
export function usePages<T>(queryKey: QueryKey, page: Read<T>): List<T> {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.cursor ?? undefined,
  });
}

/** The same, for who looks at the rows too. */
export function PagesTable<T>({ list, empty, ...table }: PagesProps<T>) {
  const words = useWords().ui;
  const place = useRef<HTMLDivElement>(null);
  // Where the work goes on once more rows are there: at the first of them.
  const from = useRef<number>(undefined);
  const pages = list.data?.pages.length;
  useEffect(() => {
    const row = from.current === undefined ? null : place.current?.querySelectorAll<HTMLElement>("tbody tr").item(from.current);
    from.current = undefined;
    if (!row) return;
    row.tabIndex = -1;
    row.focus();
    // What was asked for is there when there is a page more.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [pages]);
  if (list.isPending) return <Loading />;
  if (list.isError) return <RefusalAlert thrown={list.error} again={() => void list.refetch()} />;
  const rows = list.data.pages.flatMap((part) => part.rows);
  if (rows.length === 0 && !list.hasNextPage) return <Empty>{empty}</Empty>;
  return (
    <>
      <div ref={place}>
        <Table {...table} rows={rows} />
      </div>
      <p role="status" className="usa-hint">
        {words.rows(rows.length)}
      </p>
      {list.hasNextPage && (
        <Button
          look="outline"
          busy={list.isFetchingNextPage}
          onClick={() => {
            from.current = rows.length;
            void list.fetchNextPage();
          }}
        >
          {words.more}
        </Button>
      )}
    </>
  );
}
