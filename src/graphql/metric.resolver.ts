import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type * as Domain from '../domain/metric';
import { requireScope } from '../services/auth.service';
import type { Context } from './context';
import { DefineMetricInput, DefineMetricPayload, Metric } from './metric.types';

const LOCALE = { nullable: true, description: 'en or zh-CN; any other is en.' } as const;

/** Chinese of any kind is served the one that there is. */
function inLocale(texts: Domain.Localized, locale: string | null): string {
  return texts[/^zh(?![a-z])/i.test(locale ?? '') ? 'zh-CN' : 'en'];
}

@Resolver(() => Metric)
export class MetricResolver {
  @Query(() => [Metric], { description: 'The catalogue: built-in metrics, then those of the organization.' })
  metrics(
    @Arg('keys', () => [String], { nullable: true, description: 'These only, in this order.' }) keys: string[] | null,
    @Ctx() { principal, reader, metrics }: Context,
  ) {
    requireScope(principal, 'KPI_READ');
    return metrics.list(reader.runner, principal.organizationId, keys);
  }

  @Mutation(() => DefineMetricPayload, {
    description: 'Defines a metric as a formula, or a new version of it. Scope EVALUATION_WRITE; all clients.',
  })
  defineMetric(
    @Arg('input', () => DefineMetricInput, { description: 'The definition.' }) input: DefineMetricInput,
    @Ctx() { principal, metrics }: Context,
  ) {
    return metrics.define(principal, input);
  }

  @FieldResolver(() => String, { description: 'Name; that of a metric of yours is the same in all languages.' })
  name(@Root() metric: Domain.Metric, @Arg('locale', () => String, LOCALE) locale: string | null): string {
    return inLocale(metric.name, locale);
  }

  @FieldResolver(() => String, { description: 'What it means; empty where you did not say.' })
  description(@Root() metric: Domain.Metric, @Arg('locale', () => String, LOCALE) locale: string | null): string {
    return inLocale(metric.description, locale);
  }
}
