import { parseArgs } from 'node:util';
import { IDLE_FUNCTION } from './emulator.ts';
import { ADDRESS_NAMES, type Addresses, type AddressName } from './target.ts';

export interface Arguments {
  /** Absent: the emulator of this checkout. */
  readonly against: Addresses | undefined;
  readonly idleFunction: string;
  readonly json: boolean;
  readonly help: boolean;
}

/** A command line that is not understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'ASYNC_HTTP_CONFORMANCE_USAGE';
}

/** @throws code `ASYNC_HTTP_CONFORMANCE_USAGE`. */
export function parseArguments(args: readonly string[]): Arguments {
  const { values } = parse(args);
  return {
    against: values.against && readAddresses(values.against),
    idleFunction: values['idle-function'],
    json: values.json,
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        against: { type: 'string', multiple: true },
        'idle-function': { type: 'string', default: IDLE_FUNCTION },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** `URL` for all interfaces, `INTERFACE=URL` for one. */
function readAddresses(values: readonly string[]): Addresses {
  const all = values.filter((value) => !/^[a-z-]+=/.test(value));
  if (all.length > 1) {
    throw new UsageError(`Only one of ${all.join(' and ')} can be the address of all interfaces.`);
  }
  const addresses: Partial<Record<AddressName, string>> = {};
  for (const name of all.length === 1 ? ADDRESS_NAMES : []) addresses[name] = readUrl(all[0] ?? '');
  for (const value of values.filter((each) => !all.includes(each))) {
    const [name = '', url = ''] = value.split(/=(.*)/s);
    if (!isAddressName(name)) {
      throw new UsageError(`There is no interface ${name}; there are ${ADDRESS_NAMES.join(', ')}.`);
    }
    addresses[name] = readUrl(url);
  }
  return addresses;
}

const isAddressName = (name: string): name is AddressName =>
  ADDRESS_NAMES.some((known) => known === name);

function readUrl(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new UsageError(`${text} is not a URL such as http://127.0.0.1:8080.`);
  }
  return text.replace(/\/+$/, '');
}
