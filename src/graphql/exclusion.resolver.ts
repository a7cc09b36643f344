import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ExclusionResult } from '../services/exclusion.service';
import type { Context } from './context';
import { DeletePayload, DeleteRecordsInput, ExcludeRecordsInput, ExcludeRecordsPayload } from './exclusion.types';

@Resolver()
export class ExclusionResolver {
  @Mutation(() => ExcludeRecordsPayload, {
    description: 'Leaves records out of all numbers, or with restore takes them in again; all of them or none.',
  })
  async excludeRecords(
    @Arg('input', () => ExcludeRecordsInput, { description: 'Which, and why.' }) input: ExcludeRecordsInput,
    @Ctx() context: Context,
  ) {
    const { records, userErrors } = await context.exclusions.exclude(context.principal, input);
    return { records: await readRecords(records, context), userErrors };
  }

  @Mutation(() => DeletePayload, {
    description:
      'Deletes records as if the source had never sent them; it may send them again, as new ones. Of ids that are not there nothing is said.',
  })
  deleteRecords(
    @Arg('input', () => DeleteRecordsInput, { description: 'Which.' }) input: DeleteRecordsInput,
    @Ctx() context: Context,
  ) {
    return context.deletions.delete(context.principal, input);
  }
}

async function readRecords(records: ExclusionResult['records'], context: Context) {
  if (!context.principal.scopes.has('RECORDS_READ')) return [];
  context.readAnew();
  const { reader } = context;
  const found = await Promise.all(records.map(({ type, key }) => reader.find(type, key)));
  return found.filter((record) => record !== null);
}
