import { useState } from 'react';
import { newId } from './id';

/** A keyring gives the key of a command by its input. */
export type Keyring = (input: unknown) => string;

/**
 * makeKeyring gives the same key for the same input: an answer that was lost is asked for again, and nothing is done
 * twice. Another input is another command, with a key of its own.
 */
export function makeKeyring(): Keyring {
  const keys = new Map<string, string>();
  return (input) => {
    const text = JSON.stringify(input);
    const key = keys.get(text) ?? newId();
    keys.set(text, key);
    return key;
  };
}

/** useKeyring is the keyring of a dialog, from when it opens until it closes. */
export function useKeyring(): Keyring {
  const [keyring] = useState(makeKeyring);
  return keyring;
}
