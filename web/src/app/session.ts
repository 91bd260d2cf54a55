import { createContext, use } from 'react';
import type { ApolloClient } from '@apollo/client';
import type { StartQuery } from '../gql/types';
import type { Socket } from '../live/socket';
import type { Format } from './format';

/** What every screen of a session stands on. */
export interface Work {
  client: ApolloClient;
  socket: Socket;
  viewer: StartQuery['viewer'];
  format: Format;
  /** By which of them a card can be lost, in their order. */
  reasons: StartQuery['settings']['records']['lostReasons'];
  /** Whether none is lost without a reason, whatever its pipeline says. */
  reasonNeeded: boolean;
  /** can tells whether a flag is held; the server decides all the same. */
  can: (permission: StartQuery['viewer']['permissions'][number]) => boolean;
  /** The path of a page of this workspace. */
  path: (rest: string) => string;
  leave: () => void;
}

export const WorkContext = createContext<Work | null>(null);

export function useWork(): Work {
  const work = use(WorkContext);
  if (!work) throw new Error('outside of a session');
  return work;
}
