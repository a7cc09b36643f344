import type { Access } from '../../../domain/access';
import type { SqlBuilder } from '../sql-builder';

/** A column that pages can be sorted by. */
export interface SortColumn {
  readonly expression: string;
  readonly type: 'timestamptz' | 'numeric' | 'text' | 'date';
  /** Rows without a value come last, in either direction. */
  readonly nullable?: true;
}

/** How one type of thing is read: where from, which columns, who may see it, how it is filtered and sorted. */
export interface Source<Filter = object, SortField extends string = string> {
  readonly type: string;
  /** Tables, joined; every one of them within organization $1. */
  readonly from: string;
  readonly key: string;
  /** Property ← expression. What a key limited to clients must not see is blank for it. */
  readonly columns: (access: Access) => Readonly<Record<string, string>>;
  /** Conditions that always hold, and those of who is asking. */
  readonly restrict: (builder: SqlBuilder, access: Access) => void;
  readonly filter: (builder: SqlBuilder, filter: Filter, access: Access) => void;
  readonly sorts: Readonly<Record<SortField, SortColumn>>;
  /** Lists of another thing that this one can appear under: parent type ← the expression that names the parent. */
  readonly parents: Readonly<Record<string, ParentColumn>>;
}

export interface ParentColumn {
  readonly expression: string;
  /** Whether an index finds a parent's rows in the order of the page. */
  readonly indexed: boolean;
}

export interface Sort<SortField extends string = string> {
  readonly field: SortField;
  readonly direction: 'ASC' | 'DESC';
}
