import type { Principal, Scope } from '../../src/domain/access';
import { SCOPES } from '../../src/domain/access';

/** A key of the organization that may do everything, unless told otherwise. */
export function makePrincipal(organizationId: number, overrides: Partial<Principal> = {}): Principal {
  return {
    organizationId,
    keyId: 1,
    keyName: 'test',
    scopes: new Set<Scope>(SCOPES),
    clientIds: null,
    ...overrides,
  };
}

/** A client, a team, two agents and a shop to hang records on. */
export const DIRECTORY = {
  clients: [{ externalId: 'c1', name: 'Client 1' }],
  teams: [{ externalId: 't1', name: 'Team 1' }],
  shops: [{ externalId: 's1', client: 'c1', name: 'Shop 1', platform: 'TAOBAO', timeZone: 'Asia/Shanghai' }],
  agents: [
    { externalId: 'a1', name: 'Agent 1', team: 't1' },
    { externalId: 'a2', name: 'Agent 2', team: 't1' },
  ],
};
