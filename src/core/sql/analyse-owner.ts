// ALTER … OWNER TO: the one role owns everything, so it may only be given what it has. Dumps say it of each thing that they make.

import { ROLE } from './catalog-functions.ts';
import { fail } from './failure.ts';
import { type Fields, fieldsOf, optionalText, textOf } from './tree.ts';

/** 42704 where it is not the role that there is. */
export function checkOwner(fields: Fields): void {
  const role = fieldsOf(fields, 'newowner');
  const name = optionalText(role, 'rolename');
  if (textOf(role, 'roletype') === 'ROLESPEC_CSTRING' && name !== ROLE)
    fail('42704', `role "${name ?? ''}" does not exist`);
}
