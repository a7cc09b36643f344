import { DefaultNamingStrategy, type Table } from 'typeorm';

/** snake_case columns, and keys named as the migrations name them: shop_pkey, shop_client_fkey. */
export class SnakeNamingStrategy extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? propertyName.replace(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`);
  }

  override primaryKeyName(table: Table | string): string {
    return `${this.getTableName(table)}_pkey`;
  }

  /** After the last column: the one before it is the organization. */
  override foreignKeyName(table: Table | string, columnNames: string[]): string {
    const column = columnNames.at(-1) ?? '';
    return `${this.getTableName(table)}_${column.replace(/_id$/, '')}_fkey`;
  }
}
