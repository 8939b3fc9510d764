import { useInfiniteQuery, type QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useWords } from "../words/words";
import { Button } from "./button";
import { Empty } from "./empty";
import { Loading } from "./loading";
import { RefusalAlert } from "./refusal";

export interface Column<T> {
  key: string;
  label: string;
  cell: (row: T) => ReactNode;
}

interface Props<T> {
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
}

/** Rows under headings; the first column names its row. On a narrow screen each row becomes a card: the heading stands before each value. */
export function Table<T>({ caption, columns, rows, keyOf }: Props<T>) {
  return (
    <table className="usa-table usa-table--stacked-header usa-table--borderless width-full">
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ key, label }) => (
            <th key={key} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ key, label, cell }, index) =>
              index === 0 ? (
                <th key={key} scope="row" data-label={label}>
                  {cell(row)}
                </th>
              ) : (
                <td key={key} data-label={label}>
                  {cell(row)}
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

interface PagedProps<T> extends Omit<Props<T>, "rows"> {
  queryKey: QueryKey;
  /** One page from the server. */
  page: (cursor: string | undefined) => Promise<Page<T>>;
  empty: ReactNode;
}

/** The same for lists that the server gives page by page: more is read when it is asked for. */
export function PagedTable<T>({ queryKey, page, empty, ...table }: PagedProps<T>) {
  const words = useWords().ui;
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.cursor ?? undefined,
  });
  if (list.isPending) return <Loading />;
  if (list.isError) return <RefusalAlert thrown={list.error} again={() => void list.refetch()} />;
  const rows = list.data.pages.flatMap((part) => part.rows);
  if (rows.length === 0 && !list.hasNextPage) return <Empty>{empty}</Empty>;
  return (
    <>
      <Table {...table} rows={rows} />
      <p role="status" className="usa-hint">
        {words.rows(rows.length)}
      </p>
      {list.hasNextPage && (
        <Button look="outline" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </>
  );
}
