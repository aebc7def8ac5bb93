// Every policy statement of a template, wherever it stands: roles, buckets, keys, queues, topics, endpoints.
import { Resource } from './variants';

export interface Found {
  readonly where: string;
  readonly type: string;
  readonly statement: any;
}

const list = (value: any): any[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

export function statementsOf(resources: [string, Resource][]): Found[] {
  const found: Found[] = [];
  for (const [name, { Type, Properties }] of resources) {
    const documents = [
      Properties?.PolicyDocument,
      Properties?.KeyPolicy,
      Properties?.AssumeRolePolicyDocument,
      ...list(Properties?.Policies).map((policy) => policy.PolicyDocument),
    ];
    for (const document of documents.filter((document) => document !== undefined)) {
      for (const statement of list(document.Statement)) found.push({ where: name, type: Type, statement });
    }
  }
  return found;
}

export const actionsOf = (statement: any): string[] => list(statement.Action);
