import {
  type FieldNode,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** The fields selected directly under the field being resolved, through fragments; those skipped are left out. */
export function selectedFields(info: GraphQLResolveInfo): FieldNode[] {
  const selected: FieldNode[] = [];
  const walk = (set: SelectionSetNode | undefined): void => {
    for (const node of set?.selections ?? []) {
      if (isSkipped(node, info)) continue;
      if (node.kind === Kind.FIELD) selected.push(node);
      else walk(node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : info.fragments[node.name.value]?.selectionSet);
    }
  };
  for (const node of info.fieldNodes) walk(node.selectionSet);
  return selected;
}

export function selects(info: GraphQLResolveInfo, field: string): boolean {
  return selectedFields(info).some((node) => node.name.value === field);
}

/** The arguments of a field selected under the one being resolved. */
export function argumentsOf(info: GraphQLResolveInfo, node: FieldNode): Readonly<Record<string, unknown>> {
  const type = getNamedType(info.returnType);
  const field = isObjectType(type) ? type.getFields()[node.name.value] : undefined;
  return field ? getArgumentValues(field, node, info.variableValues) : {};
}

function isSkipped(node: SelectionNode, info: GraphQLResolveInfo): boolean {
  return (
    getDirectiveValues(GraphQLSkipDirective, node, info.variableValues)?.if === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, info.variableValues)?.if === false
  );
}
